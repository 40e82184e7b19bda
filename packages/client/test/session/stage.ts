/** One session against a server that says exactly what the test lets it say, in virtual time. */
import {
  type Command,
  type CommandResult,
  type Effect,
  type OutgoingPart,
  Session,
  type SessionEvent,
  type SessionOptions,
} from '@choir/client/session';
import {
  type ClientId,
  type Event,
  type FromClient,
  type FromServer,
  type GroupName,
  type LocalId,
  type LockInfo,
  type LockSetId,
  limits,
  localId,
  lockSetId,
  type ObjectId,
  type ObjectUpdate,
  type Position,
  parseClientId,
  parseGroupName,
  parseObjectId,
  sessionId,
} from '@choir/protocol';

export type Said<Kind> = Extract<FromClient, { kind: Kind }>;
export type Told<Kind> = Extract<SessionEvent, { kind: Kind }>;

function given<T>(value: T | null, text: string): T {
  if (value === null) throw new Error(`"${text}" is no such name`);
  return value;
}

export const me = client('me');
export const other = client('other');
export const room = group('room');

export function client(text: string): ClientId {
  return given(parseClientId(text), text);
}

export function group(text: string): GroupName {
  return given(parseGroupName(text), text);
}

export function object(text: string): ObjectId {
  return given(parseObjectId(text), text);
}

export function id(value: number): LocalId {
  return localId(value);
}

export function at(seq: number): Position {
  return { epoch: 1, seq };
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function bcast(text: string, exclusive = false, name: GroupName = room): OutgoingPart {
  return { kind: 'bcast', group: name, exclusive, data: bytes(text) };
}

export function write(name: string, text: string, where: GroupName = room): OutgoingPart {
  const data = bytes(text);
  return { kind: 'obj_state', group: where, object: object(name), update: 'INC', data };
}

/** Events as the server words them. */
export const event = {
  bcast: (senderId: ClientId, n: number, text = 'x', exclusive = false): Event => ({
    kind: 'bcast',
    senderId,
    localId: id(n),
    exclusive,
    data: bytes(text),
  }),
  write: (senderId: ClientId, n: number, name: string, update: 'INC' | 'NEW' = 'INC'): Event => ({
    kind: 'obj_state',
    senderId,
    localId: id(n),
    object: object(name),
    update,
    data: bytes(`${senderId}${n}`),
  }),
  checkpoint: (senderId: ClientId, n: number, names: readonly string[] = []): Event => ({
    kind: 'group_state',
    senderId,
    localId: id(n),
    objects: names.map((name) => ({ object: object(name), data: bytes('checkpoint') })),
  }),
  granted: (senderId: ClientId, n: number, set: number, ...names: string[]): Event => ({
    kind: 'lock_granted',
    senderId,
    localId: id(n),
    lockSet: lockSetId(set),
    objects: names.map(object),
    graceMs: 1_000,
  }),
  released: (
    senderId: ClientId,
    set: number,
    names: readonly string[],
    rest: Partial<Extract<Event, { kind: 'lock_released' }>> = {},
  ): Event => ({
    kind: 'lock_released',
    senderId,
    lockSet: lockSetId(set),
    objects: names.map(object),
    whole: true,
    cause: 'released',
    by: senderId,
    ...rest,
  }),
  expired: (senderId: ClientId, set: number, ...names: string[]): Event => ({
    kind: 'lock_released',
    senderId,
    lockSet: lockSetId(set),
    objects: names.map(object),
    whole: true,
    cause: 'grace_expired',
  }),
};

export type TransferOptions = {
  readonly mark?: number;
  readonly created?: number;
  readonly gap?: boolean;
  readonly locks?: readonly LockInfo[];
  readonly updates?: readonly ObjectUpdate[];
};

export class Stage {
  readonly session: Session;
  now = 0;
  /** What the next welcome says. */
  messageBytes: number;
  readonly #said: FromClient[] = [];
  readonly #told: SessionEvent[] = [];
  readonly effects: Effect[] = [];

  constructor(options: Partial<SessionOptions> = {}, { messageBytes = limits.messageBytes } = {}) {
    this.messageBytes = messageBytes;
    const secret = new Uint8Array(16);
    this.session = new Session({ clientId: me, secret, random: () => 0.5, ...options });
  }

  /** What the client said to the server since the last call. */
  said(): readonly FromClient[] {
    this.#drain();
    return this.#said.splice(0);
  }

  saidOf<Kind extends FromClient['kind']>(kind: Kind): readonly Said<Kind>[] {
    return this.said().filter((message): message is Said<Kind> => message.kind === kind);
  }

  /** Local ids of what was submitted since the last call, each with its `previous`. */
  submitted(): readonly (readonly [localId: number, previous: number])[] {
    return this.saidOf('submit').map(({ localId: n, previous }) => [n, previous]);
  }

  /** What the application was told since the last call. */
  told(): readonly SessionEvent[] {
    this.#drain();
    return this.#told.splice(0);
  }

  toldOf<Kind extends SessionEvent['kind']>(kind: Kind): readonly Told<Kind>[] {
    return this.told().filter((each): each is Told<Kind> => each.kind === kind);
  }

  do(command: Command): CommandResult {
    return this.session.command(command, this.now);
  }

  send(...parts: OutgoingPart[]): LocalId {
    return this.#localId(this.do({ kind: 'send', parts }));
  }

  lock(name: string, wait = true): LocalId {
    const objects = [object(name)];
    return this.#localId(this.do({ kind: 'lock', group: room, objects, wait, graceMs: 0 }));
  }

  leave(): LocalId {
    return this.#localId(this.do({ kind: 'leave', group: room }));
  }

  get connection(): number {
    this.#drain();
    return this.effects.findLast((effect) => effect.kind === 'open')?.connection ?? 0;
  }

  /** The connection opens and the server says welcome. */
  connect(): this {
    if (this.session.state === 'offline') this.#dial();
    this.session.opened(this.connection, this.now);
    this.hear({
      kind: 'welcome',
      version: 1,
      clientId: me,
      session: sessionId(1),
      head: at(1),
      heartbeatMs: 10_000,
      messageBytes: this.messageBytes,
    });
    return this;
  }

  cut(): this {
    this.session.closed(this.connection, this.now);
    return this;
  }

  hear(...messages: readonly FromServer[]): this {
    for (const message of messages) this.session.received(this.connection, message, this.now);
    return this;
  }

  /** Moves time on, calling `timeout` whenever it is due. */
  pass(ms: number): this {
    const end = this.now + ms;
    for (;;) {
      const next = this.session.nextTimeout();
      if (next === null || next > end) break;
      this.now = Math.max(next, this.now);
      this.session.timeout(this.now);
    }
    this.now = end;
    return this;
  }

  join(...names: GroupName[]): this {
    const groups = (names.length === 0 ? [room] : names).map((name) => ({
      group: name,
      name: 'Me',
    }));
    this.do({ kind: 'join', groups });
    return this;
  }

  /** Online, a member of `room`, everything up to `seq` received. */
  joined(seq: number, options: TransferOptions = {}): this {
    this.connect().join().transfer(seq, options);
    this.said();
    this.told();
    return this;
  }

  transfer(seq: number, options: TransferOptions = {}): this {
    this.transferBegin(seq, options);
    const { requestId } = this.#request;
    const { updates = [] } = options;
    this.hear({ kind: 'transfer_objects', requestId, group: room, updates });
    return this.hear({ kind: 'transfer_end', requestId, group: room, at: at(seq) });
  }

  transferBegin(seq: number, options: TransferOptions = {}): this {
    const { requestId } = this.#request;
    const { mark = 0, created = 1, gap = false, locks = [] } = options;
    const state = { stateful: true, absenceMs: 1, properties: [], members: [], locks };
    const begin = { requestId, group: room, created, at: at(seq), gap, mark, ...state };
    return this.hear({ kind: 'transfer_begin', purpose: 'join', ...begin });
  }

  /** A whole resume block of `room`: deliveries of these events at these positions. */
  resume(end: number, missed: Readonly<Record<number, readonly Event[]>> = {}, mark = 0): this {
    this.resumeBegin(end, mark);
    for (const [seq, events] of Object.entries(missed)) this.deliver(Number(seq), ...events);
    return this.resumeEnd(end);
  }

  resumeBegin(seq: number, mark = 0): this {
    const after = this.session.group(room)?.last ?? at(0);
    const { requestId } = this.#request;
    const begin = { requestId, group: room, created: 1, at: at(seq), after, mark };
    return this.hear({ kind: 'resume_begin', ...begin });
  }

  resumeEnd(seq: number): this {
    const { requestId } = this.#request;
    return this.hear({ kind: 'resume_end', requestId, group: room, at: at(seq) });
  }

  deliver(seq: number, ...events: readonly Event[]): this {
    return this.hear({ kind: 'delivery', group: room, at: at(seq), time: seq, events });
  }

  ack(n: number, seq: number): this {
    return this.hear({ kind: 'ack', group: room, senderId: me, localId: id(n), at: at(seq) });
  }

  refuse(n: number, code: string, seq?: number): this {
    const position = seq === undefined ? {} : { at: at(seq) };
    const text = { code, message: '', holders: [] };
    return this.hear({ kind: 'refused', group: room, localId: id(n), ...position, ...text });
  }

  /** The newest request to join or watch. */
  get #request(): { readonly requestId: number } {
    this.#drain();
    const asked = this.effects.findLast(
      (effect) =>
        effect.kind === 'send' &&
        (effect.message.kind === 'join' || effect.message.kind === 'watch'),
    );
    if (asked?.kind !== 'send' || !('requestId' in asked.message)) throw new Error('not asked for');
    return asked.message;
  }

  #dial(): void {
    this.session.start(this.now);
    const next = this.session.nextTimeout();
    if (this.session.state !== 'offline' || next === null) return;
    this.now = Math.max(next, this.now);
    this.session.timeout(this.now);
  }

  #localId(result: CommandResult): LocalId {
    if (result.kind === 'refused') throw new Error(`not taken: ${result.code}`);
    return id(result.id);
  }

  #drain(): void {
    for (const effect of this.session.drain()) {
      this.effects.push(effect);
      if (effect.kind === 'send') this.#said.push(effect.message);
      if (effect.kind === 'emit') this.#told.push(effect.event);
    }
  }
}

/** A lock set as a transfer shows it, granted to the request `n`. */
export function lockInfo(senderId: ClientId, n: number, set: number, ...names: string[]): LockInfo {
  const lockSet: LockSetId = lockSetId(set);
  return { senderId, localId: id(n), lockSet, objects: names.map(object), graceMs: 1_000 };
}
