/**
 * What a raw client submits: numbers often used before or with a hole, bases and fences that it may not claim,
 * and bodies that make no sense. Half of it is in order, so that the rest of its requests is decided and not only
 * turned away as early: it takes locks and gives them back, and then writes as if it knew nothing of it.
 */
import {
  type FromServer,
  type GroupName,
  type LockSetId,
  localId,
  lockSetId,
  type ObjectId,
  type Submission,
  type SubmissionBody,
} from '@choir/protocol';
import type { Random } from '@choir/testkit';

export type RawSubmissionsOptions = {
  /** Begins all its payloads. */
  readonly node: string;
  readonly groups: readonly GroupName[];
  readonly objects: readonly ObjectId[];
};

/** A lock set of its own; `until`: the position at which it was granted. */
type Had = {
  readonly group: GroupName;
  readonly object: ObjectId;
  readonly lockSet: LockSetId;
  readonly until: number;
};

export class RawSubmissions {
  readonly #options: RawSubmissionsOptions;
  readonly #random: Random;
  /** The newest submission to each group, as far as it knows. */
  readonly #newest = new Map<GroupName, number>();
  #localId = 0;
  #payloads = 0;
  #held: Had | null = null;
  #givenBack: Had | null = null;

  constructor(options: RawSubmissionsOptions, random: Random) {
    this.#options = options;
    this.#random = random;
  }

  heard(message: FromServer, me: string): void {
    if (message.kind === 'resend') this.#newest.set(message.group, message.mark);
    if (message.kind !== 'delivery') return;
    for (const event of message.events) {
      if (event.kind !== 'lock_granted' || event.senderId !== me) continue;
      const [object] = event.objects;
      if (object === undefined) continue;
      const { group, at } = message;
      this.#held = { group, object, lockSet: event.lockSet, until: at.seq };
    }
  }

  /** `head`: the newest position that it has heard of. */
  next(head: number): Submission {
    const random = this.#random;
    const { group, body } = this.#afterALock() ?? this.#anything(head);
    if (random.chance(0.9)) this.#localId += 1;
    const used = random.chance(0.1) ? random.int(1, this.#localId) : this.#localId;
    const id = localId(Math.max(1, used));
    const before = Math.min(this.#newest.get(group) ?? 0, id - 1);
    const previous = random.chance(0.9) ? before : random.int(0, id);
    this.#newest.set(group, id);
    return { group, localId: id, previous, body };
  }

  /** Gives a lock back, then writes with a base from before both of its own changes. */
  #afterALock(): { readonly group: GroupName; readonly body: SubmissionBody } | null {
    const random = this.#random;
    if (random.chance(0.4)) return null;
    if (this.#held !== null) {
      const { group, lockSet } = this.#held;
      this.#givenBack = this.#held;
      this.#held = null;
      return { group, body: { kind: 'lock_release', lockSet, objects: [] } };
    }
    if (this.#givenBack === null) return null;
    const { group, object, until } = this.#givenBack;
    this.#givenBack = null;
    const base = random.int(Math.max(0, until - 60), until);
    const head = { kind: 'obj_state', group, object, update: 'INC', fence: 0 } as const;
    return { group, body: { kind: 'message', parts: [{ ...head, base, data: this.#payload() }] } };
  }

  #anything(head: number): { readonly group: GroupName; readonly body: SubmissionBody } {
    const random = this.#random;
    const group = random.pick(this.#options.groups);
    const object = random.pick(this.#options.objects);
    // Who claims to have seen everything is not saved by the rule of conflicts.
    const base = random.chance(0.7) ? head : random.int(0, head + 5);
    const fence = random.chance(0.4) ? random.int(1, head + 1) : 0;
    const data = this.#payload();
    const write = { kind: 'obj_state', group, object, update: 'INC', base, fence, data } as const;
    const request = { kind: 'lock_request', objects: [object], graceMs: 300 } as const;
    const bodies: readonly SubmissionBody[] = [
      { kind: 'message', parts: [write] },
      { kind: 'message', parts: [write] },
      { kind: 'message', parts: [{ kind: 'bcast', group, exclusive: false, data }] },
      {
        kind: 'message',
        parts: [{ kind: 'group_state', group, base, objects: [{ object, data }] }],
      },
      { kind: 'message', parts: [] },
      { ...request, wait: random.chance(0.5) },
      { ...request, wait: true },
      { kind: 'lock_request', objects: [], wait: false, graceMs: 0 },
      { kind: 'lock_release', lockSet: lockSetId(random.int(1, head + 1)), objects: [] },
      { kind: 'lock_break', lockSet: lockSetId(random.int(1, head + 1)), reason: '' },
      { kind: 'lock_cancel', request: localId(random.int(1, this.#localId + 1)) },
      { kind: 'delete' },
      { kind: 'leave' },
      { kind: 'rename', name: 'raw again' },
    ];
    return { group, body: random.pick(bodies) };
  }

  #payload(): Uint8Array {
    this.#payloads += 1;
    return new TextEncoder().encode(`${this.#options.node}-${this.#payloads}`);
  }
}
