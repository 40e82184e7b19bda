/** The locks of this client in one group, and what the application is told about each. */
import type {
  ClientId,
  Event,
  GroupName,
  Holder,
  LocalId,
  LockInfo,
  LockSetId,
  ObjectId,
  Position,
  SubmissionBody,
} from '@choir/protocol';
import type { Effects } from './effects.ts';
import { isOver, type Lock, type LockCause } from './lock.ts';

type Granted = Pick<LockInfo, 'localId' | 'lockSet' | 'objects'>;
type Released = Extract<Event, { kind: 'lock_released' }>;
type Table = ReadonlyMap<LockSetId, LockInfo>;
type Detail = {
  readonly cause?: LockCause;
  readonly holders?: readonly Holder[];
  readonly by?: ClientId | null;
  readonly reason?: string;
  readonly since?: number;
};

export class OwnLocks {
  readonly #group: GroupName;
  readonly #effects: Effects;
  #locks: Lock[] = [];

  constructor(group: GroupName, effects: Effects) {
    this.#group = group;
    this.#effects = effects;
  }

  get all(): readonly Readonly<Lock>[] {
    return this.#locks;
  }

  /** The fencing token for a write to an object: the lock set that is held on it, 0 for none. */
  fenceOf(object: ObjectId): number {
    const lock = this.#locks.find(
      ({ objects, releasing }) => objects.includes(object) && !releasing.includes(object),
    );
    return lock?.lockSet ?? 0;
  }

  requested(request: LocalId, body: Extract<SubmissionBody, { kind: 'lock_request' }>): void {
    this.#add({ request, body, lockSet: null, state: 'requested', objects: body.objects });
  }

  waiting(request: LocalId, holders: readonly Holder[]): void {
    const lock = this.#ofRequest(request);
    if (lock === undefined || lock.lockSet !== null) return;
    lock.state = 'waiting';
    this.#tell(lock, { holders });
  }

  granted({ localId, lockSet, objects }: Granted): void {
    const lock =
      this.#ofRequest(localId) ??
      this.#add({ request: localId, body: null, lockSet, state: 'held', objects });
    this.#hold(lock, lockSet, objects);
  }

  /** The request was granted at `at`, of which only the acknowledgement was received. */
  acknowledged(request: LocalId, at: Position, table: Table): void {
    const lock = this.#ofRequest(request);
    if (lock === undefined || lock.lockSet !== null) return;
    const info = [...table.values()].find(({ lockSet }) => lockSet === at.seq);
    if (info === undefined) this.#end(lock, 'lost', { cause: 'gone' });
    else this.#hold(lock, info.lockSet, info.objects);
  }

  refused(request: LocalId): void {
    const lock = this.#ofRequest(request);
    if (lock === undefined || lock.lockSet !== null) return;
    this.#end(lock, 'lost', { cause: lock.state === 'waiting' ? 'wait_ended' : 'denied' });
  }

  released({ lockSet, objects, whole, cause, by, reason }: Released): void {
    const lock = this.#ofSet(lockSet);
    if (lock === undefined) return;
    lock.objects = lock.objects.filter((object) => !objects.includes(object));
    lock.releasing = lock.releasing.filter((object) => !objects.includes(object));
    const detail = { cause, by: by ?? null, reason: reason ?? '' };
    if (!whole && lock.objects.length > 0) this.#tell(lock, detail);
    else this.#end(lock, cause === 'released' || cause === 'left' ? 'released' : 'lost', detail);
  }

  /** The application gives up objects (none named: all); the submission follows. */
  releasing(lockSet: LockSetId, objects: readonly ObjectId[]): void {
    const lock = this.#ofSet(lockSet);
    if (lock === undefined) return;
    const given = objects.length === 0 ? lock.objects : objects;
    lock.releasing = [...new Set([...lock.releasing, ...given])];
  }

  cancelled(request: LocalId): void {
    const lock = this.#ofRequest(request);
    if (lock !== undefined) lock.cancelled = true;
  }

  /** Lock sets that were granted after all to requests that were cancelled. */
  takeUnwanted(): readonly LockSetId[] {
    const unwanted: LockSetId[] = [];
    for (const lock of this.#locks) {
      if (!lock.cancelled || lock.lockSet === null) continue;
      lock.cancelled = false;
      unwanted.push(lock.lockSet);
    }
    return unwanted;
  }

  /** From now on nobody knows, since the last message from the server: its grace may run out. */
  disconnected(since: number): void {
    for (const lock of this.#locks) {
      if (lock.state !== 'held') continue;
      lock.state = 'unconfirmed';
      this.#tell(lock, { since });
    }
  }

  /** A block has ended: what the copy shows is so. */
  confirm(table: Table, me: ClientId): void {
    for (const lock of [...this.#locks]) {
      if (lock.lockSet === null) continue;
      const info = table.get(lock.lockSet);
      if (info === undefined) this.#end(lock, 'lost', { cause: 'gone' });
      else if (lock.state === 'unconfirmed') this.#hold(lock, info.lockSet, info.objects);
    }
    for (const info of table.values()) {
      if (info.senderId === me && this.#ofSet(info.lockSet) === undefined) this.granted(info);
    }
  }

  /** Requests that wait, as far as this client knows. */
  get waits(): readonly Readonly<Lock>[] {
    return this.#locks.filter(({ state }) => state === 'waiting');
  }

  /**
   * The group is no longer followed. Requests above `kept` go on: they were made for a membership that
   * is yet to come.
   */
  end(cause: 'left' | 'gone', kept: number = Number.POSITIVE_INFINITY): void {
    for (const lock of [...this.#locks]) {
      if (lock.lockSet === null && lock.request > kept) continue;
      const released = cause === 'left' && lock.lockSet !== null;
      this.#end(lock, released ? 'released' : 'lost', { cause });
    }
  }

  /** All are given up: the client is about to leave. */
  leaving(): void {
    for (const lock of this.#locks) lock.releasing = lock.objects;
  }

  staying(): void {
    for (const lock of this.#locks) lock.releasing = [];
  }

  #add(lock: Omit<Lock, 'releasing' | 'cancelled'>): Lock {
    const added = { ...lock, releasing: [], cancelled: false };
    this.#locks.push(added);
    return added;
  }

  #hold(lock: Lock, lockSet: LockSetId, objects: readonly ObjectId[]): void {
    lock.lockSet = lockSet;
    lock.objects = objects;
    lock.state = 'held';
    this.#tell(lock, {});
  }

  #end(lock: Lock, state: 'released' | 'lost', detail: Detail): void {
    lock.state = state;
    lock.objects = [];
    this.#locks = this.#locks.filter((other) => !isOver(other));
    this.#tell(lock, detail);
  }

  #ofRequest(request: LocalId): Lock | undefined {
    return this.#locks.find((lock) => lock.request === request);
  }

  #ofSet(lockSet: LockSetId): Lock | undefined {
    return this.#locks.find((lock) => lock.lockSet === lockSet);
  }

  #tell({ request, lockSet, state, objects }: Lock, detail: Detail): void {
    const none = { cause: null, holders: [], by: null, reason: '', since: null };
    const lock = { group: this.#group, request, lockSet, state, objects };
    this.#effects.emit({ kind: 'lock', ...lock, ...none, ...detail });
  }
}
