/** A client in a scene: says what the test has it say, and remembers what it is told. */
import {
  type ClientId,
  type FromClient,
  type FromServer,
  localId,
  type Part,
  type Position,
  type SubmissionBody,
} from '@choir/protocol';
import type { Host } from '@choir/server/host';
import { decode, nameOf, objectOf } from '../names.ts';

type Kind = FromServer['kind'];
type Of<K extends Kind> = Extract<FromServer, { kind: K }>;

const text = new TextEncoder();
const readable = new TextDecoder();

/** Where a participant lives. */
export type Surroundings = {
  readonly host: Host;
  readonly now: number;
  readonly contents: { readonly head: { readonly seq: number } };
};

export class Participant {
  readonly connection: number;
  readonly #scene: Surroundings;
  readonly #marks = new Map<string, number>();
  #nextLocalId = 1;
  #nextRequest = 1;
  #lastSubmission: FromClient | null = null;
  /** Everything received, in order. */
  messages: FromServer[] = [];
  /** Sizes of the frames received. */
  readonly frames: number[] = [];
  closedWith: string | null = null;
  /** While false, what is sent to it waits in the driver's hands. */
  reading = true;
  /** Answers probes. */
  reachable = true;
  /** Bytes that wait for each that the host sent: as text a frame is longer. */
  expansion = 1;
  #unread: Uint8Array[] = [];

  constructor(scene: Surroundings, connection: number) {
    this.#scene = scene;
    this.connection = connection;
  }

  get unreadBytes(): number {
    return this.#unread.reduce((sum, { length }) => sum + length * this.expansion, 0);
  }

  say(...messages: readonly FromClient[]): void {
    this.#scene.host.received(this.connection, messages, this.#scene.now);
  }

  hello(clientId: ClientId | null, secret = `secret of ${clientId} ..........`): void {
    const hello = { kind: 'hello', version: 1, secret: text.encode(secret), agent: '' } as const;
    this.say(clientId === null ? hello : { ...hello, clientId });
  }

  /** Shows a token, says hello behind it. */
  enter(token: string, clientId: ClientId | null): void {
    this.say({ kind: 'credentials', token });
    this.hello(clientId);
  }

  join(group: string, from?: { created: number; after: Position }): number {
    const requestId = this.#nextRequest++;
    const name = 'somebody';
    const target = { group: nameOf(group), name, created: from?.created ?? 0 };
    const groups = [from === undefined ? target : { ...target, after: from.after }];
    this.say({ kind: 'join', requestId, groups });
    return requestId;
  }

  joinAll(...groups: readonly string[]): void {
    const requestId = this.#nextRequest++;
    const targets = groups.map((group) => ({ group: nameOf(group), name: 'somebody', created: 0 }));
    this.say({ kind: 'join', requestId, groups: targets });
  }

  watch(
    group: string,
    scope: 'members' | 'everything',
    from?: { created: number; after: Position },
  ): void {
    const watch = { kind: 'watch', requestId: this.#nextRequest++, group: nameOf(group) } as const;
    const created = from?.created ?? 0;
    this.say({ ...watch, scope, created, ...(from === undefined ? {} : { after: from.after }) });
  }

  unwatch(group: string): void {
    this.say({ kind: 'unwatch', group: nameOf(group) });
  }

  read(group: string, ...objects: readonly string[]): void {
    const requestId = this.#nextRequest++;
    const named = objects.map((object) => objectOf(object));
    this.say({ kind: 'read_state', requestId, group: nameOf(group), objects: named });
  }

  /** Submits to a chain; the next local id, after the one before in that chain. */
  submit(group: string, body: SubmissionBody, ids?: { localId: number; previous: number }): number {
    const own = ids?.localId ?? this.#nextLocalId++;
    const previous = ids?.previous ?? this.#marks.get(group) ?? 0;
    this.#marks.set(group, own);
    const submission = { group: nameOf(group), localId: localId(own), previous, body };
    this.#lastSubmission = { kind: 'submit', ...submission };
    this.say(this.#lastSubmission);
    return own;
  }

  bcast(group: string, data: string, exclusive = false): number {
    const part: Part = {
      kind: 'bcast',
      group: nameOf(group),
      exclusive,
      data: text.encode(data),
    };
    return this.submit(group, { kind: 'message', parts: [part] });
  }

  /** One message to several related groups. */
  bcastAll(groups: readonly string[], data: string): number {
    const parts = groups.map((group): Part => {
      return { kind: 'bcast', group: nameOf(group), exclusive: false, data: text.encode(data) };
    });
    return this.submit(groups[0] ?? '', { kind: 'message', parts });
  }

  /** Where a chain stands. */
  learnMark(group: string, mark: number, nextLocalId: number): void {
    this.#marks.set(group, mark);
    this.#nextLocalId = nextLocalId;
  }

  /** Sends the last submission once more. */
  repeat(): void {
    if (this.#lastSubmission !== null) this.say(this.#lastSubmission);
  }

  write(group: string, object: string, data: string, update: 'INC' | 'NEW' = 'INC'): number {
    const part: Part = {
      kind: 'obj_state',
      group: nameOf(group),
      object: objectOf(object),
      update,
      base: this.#scene.contents.head.seq,
      fence: 0,
      data: text.encode(data),
    };
    return this.submit(group, { kind: 'message', parts: [part] });
  }

  checkpoint(group: string, texts: Readonly<Record<string, string>>): number {
    const objects = Object.entries(texts).map(([object, data]) => ({
      object: objectOf(object),
      data: text.encode(data),
    }));
    const base = this.#scene.contents.head.seq;
    const part: Part = { kind: 'group_state', group: nameOf(group), base, objects };
    return this.submit(group, { kind: 'message', parts: [part] });
  }

  /** Has answers fill a send buffer of 25 bytes, so that the stream has to wait until it reads. */
  fillBuffer(): void {
    for (let requestId = 1; requestId <= 3; requestId += 1) this.say({ kind: 'status', requestId });
  }

  receive(bytes: Uint8Array): void {
    this.frames.push(bytes.length);
    if (this.reading) this.messages.push(...decode(bytes));
    else this.#unread.push(bytes);
    this.#scene.host.buffered(this.connection, this.unreadBytes);
  }

  /** Reads what waits, all or some of it. */
  readOn(frames = Number.POSITIVE_INFINITY): void {
    for (const bytes of this.#unread.splice(0, frames)) this.messages.push(...decode(bytes));
    this.#scene.host.buffered(this.connection, this.unreadBytes);
  }

  ended(code: string): void {
    this.closedWith = code;
  }

  /** The connection is lost. */
  drop(): void {
    this.#scene.host.connectionClosed(this.connection);
  }

  of<K extends Kind>(kind: K): Of<K>[] {
    return this.messages.filter((message): message is Of<K> => message.kind === kind);
  }

  last<K extends Kind>(kind: K): Of<K> {
    const found = this.of(kind).at(-1);
    if (found === undefined) throw new Error(`no ${kind} among ${this.kinds().join(' ')}`);
    return found;
  }

  kinds(): string[] {
    return this.messages.map(({ kind }) => kind);
  }

  forget(): void {
    this.messages = [];
  }

  /** Kinds of the events delivered. */
  events(): string[] {
    return this.of('delivery').flatMap(({ events }) => events.map(({ kind }) => kind));
  }

  /** Broadcast texts received, and acks, in the order of the stream. */
  heard(): string[] {
    return this.messages.flatMap((message) => {
      if (message.kind === 'ack') return [`ack ${message.localId}`];
      if (message.kind !== 'delivery') return [];
      return message.events.flatMap((event) =>
        event.kind === 'bcast' ? [readable.decode(event.data)] : [],
      );
    });
  }
}
