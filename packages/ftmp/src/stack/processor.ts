/**
 * A processor: all of its groups, behind one way in and one way out.
 *
 * Boundary: pure. The driver calls `receive`, the commands and `turn` with its clock, then performs `drain`, in order; it
 * calls `turn` again at `due` at the latest. Times are milliseconds of one monotonic clock.
 *
 * D1 Nothing throws, whatever is received; what is refused is counted by its reason.
 * D2 Who is convicted in one group is suspected in all (paper 2); who is excluded from one has left them all.
 */
import type { GroupId, ProcessorId } from '../ids.ts';
import { decode, isRefusal, type RefusalCode } from '../wire/index.ts';
import type { Effect } from './effects.ts';
import { Group } from './group.ts';
import type { Surroundings } from './options.ts';
import type { OutgoingMessage } from './outgoing.ts';
import type { Ignored } from './strangers.ts';

/** Why datagrams were not taken. `sealed`: damaged or forged; `unknown`: of a group that this processor is not in. */
export type Reason = RefusalCode | Ignored | 'sealed' | 'unknown';

export class Processor {
  readonly #surroundings: Surroundings;
  readonly #groups = new Map<GroupId, Group>();
  #effects: Effect[] = [];
  /** Datagrams taken, and those that were not, by reason. */
  taken = 0;
  readonly refused = new Map<Reason, number>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  get id(): ProcessorId {
    return this.#surroundings.self;
  }

  /** Joins a group; with `init` makes it instead, with a first view of this processor alone. */
  join(id: GroupId, now: number, init = false): void {
    if (this.#groups.has(id)) return;
    const group = new Group(id, this.#surroundings, this.#effects);
    this.#groups.set(id, group);
    if (init) group.init(now);
  }

  leave(id: GroupId, now: number): void {
    this.#groups.get(id)?.leave(now);
  }

  /** Hands a message over, to be sent with the next turns; `full` is back-pressure, `writable` ends it. */
  submit(id: GroupId, message: OutgoingMessage): 'queued' | 'full' | 'closed' {
    return this.#groups.get(id)?.submit(message) ?? 'closed';
  }

  /** The application has taken deliveries of so many bytes of this group. */
  delivered(id: GroupId, bytes: number): void {
    this.#groups.get(id)?.taken(bytes);
  }

  /** How far the application's thread has come; goes out with every heartbeat. */
  progress(progress: number, isStalled: boolean): void {
    for (const group of this.#groups.values()) group.progress(progress, isStalled);
  }

  /** Takes a datagram. It must not be changed afterwards: what is in it is held and delivered as views of it. */
  receive(bytes: Uint8Array, now: number): void {
    const opened = this.#surroundings.envelope.open(bytes);
    if (opened === null) {
      this.#count('sealed');
      return;
    }
    const message = decode(opened);
    if (isRefusal(message)) {
      this.#count(message.refused);
      return;
    }
    const group = this.#groups.get(message.header.group);
    const ignored = group === undefined ? 'unknown' : group.receive(message, now);
    if (ignored === null) this.taken += 1;
    else this.#count(ignored);
  }

  /** Does what is due at this time, in all groups. */
  turn(now: number): void {
    const before = this.#effects.length;
    for (const group of this.#groups.values()) group.turn(now);
    for (const effect of this.#effects.slice(before)) this.#reach(effect);
    for (const [id, group] of this.#groups) if (group.isOut) this.#groups.delete(id);
  }

  get due(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const group of this.#groups.values()) due = Math.min(due, group.due);
    return due;
  }

  /** What is to be done since the last call, in order. */
  drain(): readonly Effect[] {
    const { seal } = this.#surroundings.envelope;
    return this.#effects
      .splice(0)
      .map((effect) =>
        effect.kind === 'send' ? { ...effect, bytes: seal(effect.bytes) } : effect,
      );
  }

  /** Messages held for retransmission in a group, and their bytes. */
  buffered(id: GroupId): { readonly messages: number; readonly bytes: number } {
    return this.#groups.get(id)?.buffered ?? { messages: 0, bytes: 0 };
  }

  /** D2 */
  #reach(effect: Effect): void {
    if (effect.kind === 'excluded') {
      for (const [id, group] of this.#groups) {
        if (id !== effect.group && !group.isOut)
          this.#effects.push({ kind: 'excluded', group: id });
      }
      this.#groups.clear();
    } else if (effect.kind === 'forget' && effect.convicted) {
      for (const [id, group] of this.#groups) {
        if (id !== effect.group) group.condemn(effect.processor);
      }
    }
  }

  #count(reason: Reason): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1);
  }
}
