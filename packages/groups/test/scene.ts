/**
 * A scene: clients acting on a groups service without host or network. Every act is one committed
 * entry; the scene chains submissions as a well-behaved client would, and keeps what came out.
 */
import { Writer } from '@choir/bytes';
import type { Effect, GroupDescription, Timer } from '@choir/groups';
import { type Command, command, GroupsService } from '@choir/groups';
import {
  type ClientId,
  type Event,
  type GroupName,
  localId,
  type ObjectId,
  type Part,
  type Position,
  parseClientId,
  parseGroupName,
  parseObjectId,
  type SessionId,
  type Submission,
  type SubmissionBody,
  sessionId,
} from '@choir/protocol';

const encoder = new TextEncoder();

function parsed<T>(value: T | null): T {
  if (value === null) throw new Error('a test used a bad name');
  return value;
}

export const client = (text: string): ClientId => parsed(parseClientId(text));
export const group = (text: string): GroupName => parsed(parseGroupName(text));
export const object = (text: string): ObjectId => parsed(parseObjectId(text));
export const bytes = (text: string): Uint8Array => encoder.encode(text);

export type Settled = Extract<Effect, { kind: 'settle' }>;

export class Scene {
  service = new GroupsService();
  seq = 0;
  /** Of the entries to come, ms since 1970. */
  time = 0;
  effects: readonly Effect[] = [];
  /** What each group received so far, by name. */
  readonly log: { readonly at: number; readonly group: GroupName; readonly event: Event }[] = [];
  readonly #sessions = new Map<ClientId, SessionId>();
  readonly #lastLocalIds = new Map<ClientId, number>();
  readonly #chains = new Map<string, number>();

  do(act: Command, source = 'node-1'): readonly Effect[] {
    const writer = new Writer();
    command.write(writer, act);
    return this.#apply({ kind: 'entry', source, n: this.seq + 1, bytes: writer.take() });
  }

  loseNode(gone: string): readonly Effect[] {
    return this.#apply({ kind: 'members', nodes: [], gone: [gone] });
  }

  attach(who: string, secret = `secret of ${who}`, source?: string): readonly Effect[] {
    const secretHash = bytes(secret.padEnd(32, '.').slice(0, 32));
    const effects = this.do({ kind: 'attach', client: client(who), secretHash }, source);
    for (const effect of effects) {
      if (effect.kind === 'attached') this.#sessions.set(effect.client, effect.session);
    }
    return effects;
  }

  detach(who: string): readonly Effect[] {
    return this.do({ kind: 'detach', client: client(who), session: this.session(who) });
  }

  join(who: string, name: string, from?: { created: number; after: Position }): readonly Effect[] {
    const target =
      from === undefined
        ? { group: group(name), name: who, created: 0 }
        : { group: group(name), name: who, ...from };
    const session = this.session(who);
    return this.do({ kind: 'join', client: client(who), session, requestId: 1, targets: [target] });
  }

  /** Attaches and joins: the usual beginning. */
  enter(who: string, ...names: readonly string[]): void {
    this.attach(who);
    for (const name of names) this.join(who, name);
  }

  submit(who: string, name: string, body: SubmissionBody, privileged = false): Settled {
    const next = (this.#lastLocalIds.get(client(who)) ?? 0) + 1;
    this.#lastLocalIds.set(client(who), next);
    const chain = `${who} ${name}`;
    const previous = this.#chains.get(chain) ?? 0;
    this.#chains.set(chain, next);
    const submission = { group: group(name), localId: localId(next), previous, body };
    return this.settled(this.resubmit(who, submission, privileged));
  }

  resubmit(who: string, submission: Submission, privileged = false): readonly Effect[] {
    const session = this.session(who);
    return this.do({ kind: 'submit', client: client(who), session, privileged, submission });
  }

  message(who: string, name: string, ...parts: readonly Part[]): Settled {
    return this.submit(who, name, { kind: 'message', parts });
  }

  say(who: string, name: string, text: string, exclusive = false): Settled {
    return this.message(who, name, bcast(name, text, exclusive));
  }

  /** An INC update written by somebody who has seen everything so far, unless `base` says less. */
  write(
    who: string,
    name: string,
    id: string,
    options: { base?: number; fence?: number; update?: 'INC' | 'NEW' } = {},
  ): Settled {
    return this.message(who, name, update(name, id, { base: this.seq, ...options }));
  }

  lock(who: string, name: string, ids: readonly string[], wait = false): Settled {
    const objects = ids.map(object);
    return this.submit(who, name, { kind: 'lock_request', objects, wait, graceMs: 5_000 });
  }

  session(who: string): SessionId {
    return this.#sessions.get(client(who)) ?? sessionId(0);
  }

  settled(effects: readonly Effect[] = this.effects): Settled {
    const found = effects.find((effect) => effect.kind === 'settle');
    if (found === undefined) throw new Error('nothing was settled');
    return found;
  }

  /** Events of the last step, in all groups. */
  get events(): readonly Event[] {
    return this.effects.flatMap((effect) => (effect.kind === 'deliver' ? effect.events : []));
  }

  get timers(): readonly Timer[] {
    return this.effects.flatMap((effect) => (effect.kind === 'arm' ? [effect.timer] : []));
  }

  describe(name: string): GroupDescription | null {
    const id = this.service.groupNamed(group(name));
    return id === null ? null : this.service.describe(id);
  }

  kindsOf(name: string): readonly string[] {
    return this.log.filter((entry) => entry.group === name).map(({ event }) => event.kind);
  }

  #apply(
    part:
      | { kind: 'entry'; source: string; n: number; bytes: Uint8Array }
      | { kind: 'members'; nodes: readonly string[]; gone: readonly string[] },
  ): readonly Effect[] {
    const previous = { epoch: 1, seq: this.seq };
    this.seq += 1;
    const at = { epoch: 1, seq: this.seq };
    this.effects = this.service.apply({ ...part, at, previous, time: this.time });
    for (const effect of this.effects) {
      if (effect.kind !== 'deliver') continue;
      for (const event of effect.events) this.log.push({ at: at.seq, group: effect.name, event });
    }
    return this.effects;
  }
}

export function bcast(name: string, text: string, exclusive = false): Part {
  return { kind: 'bcast', group: group(name), exclusive, data: bytes(text) };
}

export function update(
  name: string,
  id: string,
  {
    base,
    fence = 0,
    update: kind = 'INC',
  }: { base: number; fence?: number; update?: 'INC' | 'NEW' },
): Part {
  return {
    kind: 'obj_state',
    group: group(name),
    object: object(id),
    update: kind,
    base,
    fence,
    data: bytes(`${id}@${base}`),
  };
}

/** What a settled submission was told, in one word. */
export function verdictOf({ result }: Settled): string {
  return result.kind === 'refused' ? result.code : result.kind;
}
