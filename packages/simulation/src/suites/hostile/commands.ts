/**
 * Random commands for the groups service, as a host would submit them and as no host would: of clients that are
 * attached and that are not, in their order and out of it, with fences that hold and that do not.
 */
import { Writer } from '@choir/bytes';
import { type Command, command, type Effect, type Timer } from '@choir/groups';
import {
  type ClientId,
  type GroupName,
  localId,
  lockSetId,
  type ObjectId,
  type Part,
  parseClientId,
  parseGroupName,
  parseObjectId,
  type SubmissionBody,
  sessionId,
} from '@choir/protocol';
import type { Random } from '@choir/testkit';

const clients = ['ann', 'bob', 'cid', 'dot'].map((name) => known(parseClientId(name)));
const groups = ['team/a', 'team/b', 'solo'].map((name) => known(parseGroupName(name)));
const objects = ['x', 'y', 'z'].map((name) => known(parseObjectId(name)));

const armedMax = 200;

export class Commands {
  readonly #random: Random;
  readonly #writer = new Writer();
  readonly #sessions = new Map<ClientId, number>();
  readonly #marks = new Map<string, number>();
  /** Proposals that were armed: sooner or later somebody proposes them, perhaps much too late. */
  readonly #armed: Timer['proposal'][] = [];
  #newest = 1;

  constructor(random: Random) {
    this.#random = random;
  }

  /** What the newest position is, so that fences and positions are near the truth. */
  learn(seq: number): void {
    this.#newest = Math.max(this.#newest, seq);
  }

  /** Learns from what a replica returned, whichever it was: who is attached, where its chains stand. */
  returned(effect: Effect): void {
    switch (effect.kind) {
      case 'attached':
        this.#sessions.set(effect.client, effect.session);
        return;
      case 'settle':
        this.#marks.set(`${effect.client} ${effect.group}`, effect.localId);
        return;
      case 'resend': {
        const { session, group, mark } = effect;
        const client = clients.find((one) => this.#sessions.get(one) === session);
        if (client !== undefined) this.#marks.set(`${client} ${group}`, mark);
        return;
      }
      case 'arm':
        this.#armed.push(effect.timer.proposal);
        if (this.#armed.length > armedMax) this.#armed.shift();
        return;
      default:
    }
  }

  next(): Uint8Array {
    this.#writer.clear();
    command.write(this.#writer, this.#draw());
    return this.#writer.take();
  }

  #draw(): Command {
    const random = this.#random;
    const client = random.pick(clients);
    const kind = random.weighted({ attach: 6, detach: 3, submit: 70, join: 14, timer: 7 });
    const session = sessionId(random.chance(0.95) ? (this.#sessions.get(client) ?? 1) : 1);
    switch (kind) {
      case 'attach': {
        const secretHash = new Uint8Array(32).fill(random.chance(0.9) ? client.charCodeAt(0) : 1);
        return { kind: 'attach', client, secretHash };
      }
      case 'detach':
        return { kind: 'detach', client, session };
      case 'join':
        return { kind: 'join', client, session, requestId: 1, targets: this.#targets(client) };
      case 'timer':
        if (this.#armed.length > 0) return random.pick(this.#armed);
        return { kind: 'grant_next', group: random.int(1, 5) };
      default:
        return this.#submit(client, session);
    }
  }

  #targets(client: ClientId): Extract<Command, { kind: 'join' }>['targets'] {
    const random = this.#random;
    const names = random.chance(0.3) ? groups.slice(0, 2) : [random.pick(groups)];
    return names.map((group) => ({
      group,
      name: client,
      created: random.chance(0.8) ? 0 : random.int(0, 9),
      ...(random.chance(0.5) ? { after: { epoch: 1, seq: random.int(0, this.#newest) } } : {}),
    }));
  }

  #submit(client: ClientId, session: ReturnType<typeof sessionId>): Command {
    const random = this.#random;
    const group = random.pick(groups);
    const chain = `${client} ${group}`;
    const previous = this.#marks.get(chain) ?? 0;
    // Several may be on their way before the first is settled.
    const next = random.chance(0.9) ? previous + random.int(1, 2) : Math.max(1, previous);
    if (random.chance(0.5)) this.#marks.set(chain, next);
    const submission = { group, localId: localId(next), previous, body: this.#body(group) };
    return { kind: 'submit', client, session, privileged: random.chance(0.5), submission };
  }

  #body(group: GroupName): SubmissionBody {
    const random = this.#random;
    const some = (): ObjectId[] => random.shuffle([...objects]).slice(0, random.int(1, 3));
    const lockSet = lockSetId(Math.max(1, this.#newest - random.int(0, 30)));
    const bodies: readonly (() => SubmissionBody)[] = [
      () => ({ kind: 'message', parts: this.#parts(group) }),
      () => ({ kind: 'message', parts: this.#parts(group) }),
      () => ({ kind: 'lock_request', objects: some(), wait: random.chance(0.7), graceMs: 0 }),
      () => ({ kind: 'lock_release', lockSet, objects: random.chance(0.5) ? [] : some() }),
      () => ({ kind: 'lock_cancel', request: localId(random.int(1, 20)) }),
      () => ({ kind: 'lock_break', lockSet, reason: '' }),
      () => ({ kind: 'leave' }),
      () => ({ kind: 'rename', name: `n${random.int(1, 9)}` }),
      () => ({ kind: 'properties', properties: [{ name: 'p', value: `${random.int(0, 9)}` }] }),
      () => ({ kind: 'create', stateful: random.chance(0.8), absenceMs: 0, properties: [] }),
      () => (random.chance(0.2) ? { kind: 'delete' } : { kind: 'leave' }),
    ];
    return random.pick(bodies)();
  }

  #parts(first: GroupName): readonly Part[] {
    const random = this.#random;
    return Array.from({ length: random.int(1, 3) }, (): Part => {
      const group = random.chance(0.8) ? first : random.pick(groups);
      const data = random.bytes(3);
      const base = Math.max(0, this.#newest - random.int(0, 40));
      const kind = random.weighted({ bcast: 2, obj_state: 5, group_state: 1 });
      if (kind === 'bcast') return { kind, group, exclusive: random.chance(0.3), data };
      const object = random.pick(objects);
      if (kind === 'group_state') return { kind, group, base, objects: [{ object, data }] };
      const fence = random.chance(0.3) ? Math.max(1, this.#newest - random.int(0, 30)) : 0;
      const update = random.chance(0.6) ? 'INC' : 'NEW';
      return { kind, group, object, update, base, fence, data };
    });
  }
}

function known<T>(value: T | null): T {
  if (value === null) throw new Error('A name of the workload is none.');
  return value;
}
