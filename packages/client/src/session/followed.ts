/**
 * A group that this client follows, as a member or as a watcher: what it has of it and how far it is.
 * Phases: idle (no connection, or not asked for yet) → asked → resuming | transferring → live.
 */
import type {
  ClientId,
  Delivery,
  Event,
  FromServer,
  GroupName,
  LocalId,
  Position,
} from '@choir/protocol';
import type { Scope } from './commands.ts';
import { Missed } from './conflict.ts';
import { Copy } from './copy.ts';
import type { Effects } from './effects.ts';
import { isHidden, ownLocalId } from './own-event.ts';
import { OwnLocks } from './own-locks.ts';
import { Volatiles } from './volatiles.ts';

export type Phase = 'idle' | 'asked' | 'resuming' | 'transferring' | 'live';

/** What a server did against the protocol, as a sentence; null when nothing. */
export type Breach = string | null;

type Begin<Kind> = Extract<FromServer, { kind: Kind }>;

type Transfer = { readonly copy: Copy; readonly created: number; readonly at: Position };

/**
 * Id of a group that came into being while its name was watched, which nobody tells: it is the id of no
 * group, so that a server that is asked for it answers with the state, and a gap.
 */
const unknownGroup = Number.MAX_SAFE_INTEGER;

export type FollowOptions = {
  readonly scope: Scope;
  readonly displayName: string;
  /** Where to begin, in the group with this id; the present when not given. */
  readonly from?: Position | null;
  readonly created?: number;
};

/** What a delivery meant beyond its content. */
export type Taken = {
  /** Own submissions that it settles. */
  readonly settled: readonly LocalId[];
  readonly deleted: boolean;
};

export class Followed {
  readonly name: GroupName;
  readonly scope: Scope;
  readonly locks: OwnLocks;
  readonly missed = new Missed();
  readonly volatiles = new Volatiles();
  displayName: string;
  phase: Phase = 'idle';
  /** To be asked for alone: a request for several groups was refused. */
  alone = false;
  /** Local id of a `leave` that is pending. */
  leaving: LocalId | null = null;
  /** Display name for joining again after the `leave`. */
  joinAgain: string | null = null;
  #copy: Copy | null = null;
  #transfer: Transfer | null = null;
  #created: number;
  /** A watch was asked to begin at this position, and has not begun. */
  #resumesFrom: Position | null;
  #last: Position | null;
  /** Position up to which content was handed over: the `base` of what is written now. */
  #base = 0;
  #followedBefore = false;
  #block: { delivered: number; duplicates: number } = { delivered: 0, duplicates: 0 };
  readonly #effects: Effects;

  constructor(
    name: GroupName,
    { scope, displayName, from = null, created = 0 }: FollowOptions,
    effects: Effects,
  ) {
    this.name = name;
    this.scope = scope;
    this.displayName = displayName;
    this.locks = new OwnLocks(name, effects);
    this.#last = from;
    this.#created = created;
    this.#resumesFrom = from;
    this.#effects = effects;
  }

  /** The client's copy; null before the first block has ended. */
  get copy(): Copy | null {
    return this.#copy;
  }

  /** Position of the last thing received. */
  get last(): Position | null {
    return this.#last;
  }

  /** `seq` for the `base` of a write made now; null when there is no copy that it could be based on. */
  get base(): number | null {
    return this.#copy === null ? null : this.#base;
  }

  get created(): number {
    return this.#created;
  }

  beginResume({ created, after }: Begin<'resume_begin'>): Breach {
    if (this.phase !== 'asked') return 'A block began that was not asked for.';
    if (this.#last === null || after.seq !== this.#last.seq) {
      return 'A group is resumed at another position than asked for.';
    }
    if (this.#created !== 0 && created !== this.#created) return 'Another group is resumed.';
    this.phase = 'resuming';
    this.#created = created;
    // A watch from a position: what was before is not known.
    this.#copy ??= new Copy({ stateful: false, absenceMs: 0 });
    return null;
  }

  beginTransfer(begin: Begin<'transfer_begin'>): Breach {
    if (this.phase !== 'asked') return 'A block began that was not asked for.';
    this.phase = 'transferring';
    this.#transfer = { copy: Copy.from(begin), created: begin.created, at: begin.at };
    return null;
  }

  addObjects({ updates }: Begin<'transfer_objects'>): Breach {
    if (this.#transfer === null) return 'Objects came outside of a transfer.';
    if (this.scope === 'member') this.#transfer.copy.addUpdates(updates);
    return null;
  }

  /** Puts what was transferred in the place of the copy; null when there is no transfer. */
  endTransfer(): { readonly gap: boolean; readonly at: Position } | null {
    if (this.#transfer === null) return null;
    const gap = this.#copy !== null || this.#resumesFrom !== null;
    const { copy, created, at } = this.#transfer;
    this.#transfer = null;
    this.#copy = copy;
    this.#created = created;
    this.#last = at;
    return { gap, at };
  }

  /** The stream goes on behind the block, which has brought everything up to `at`. */
  goLive(at: Position): void {
    this.phase = 'live';
    if (this.#last === null || at.seq > this.#last.seq) this.#last = at;
    this.#base = this.#last.seq;
    this.#followedBefore = true;
    this.#resumesFrom = null;
    this.#block = { delivered: 0, duplicates: 0 };
  }

  get followedBefore(): boolean {
    return this.#followedBefore;
  }

  /** What came in the present block, and in those before it that were cut short. */
  get block(): { readonly delivered: number; readonly duplicates: number } {
    return this.#block;
  }

  noteDuplicate(): void {
    if (this.phase === 'resuming') this.#block.duplicates += 1;
  }

  /** An own message that the sender does not get back was received by all others at this position. */
  noteExclusive(at: Position): void {
    if (this.phase === 'live' && this.#last !== null && at.seq > this.#last.seq) this.#last = at;
  }

  /** Takes a delivery and hands it to the application (E3). */
  take(
    { at, time, events }: Delivery,
    { me, lastLocalId }: { me: ClientId; lastLocalId: number },
  ): Taken | string {
    if (this.phase !== 'live' && this.phase !== 'resuming') return 'A delivery came too early.';
    if (this.#last !== null && at.seq <= this.#last.seq)
      return 'The positions of a group went back.';
    if (this.#created === 0) this.#created = unknownGroup;
    const missed = this.phase === 'resuming';
    const settled = new Set<LocalId>();
    for (const event of events) {
      this.#apply(event, at.seq, me);
      if (missed) this.missed.note(event, at.seq, { me, lastLocalId });
      const own = ownLocalId(event, me);
      if (own !== null) settled.add(own);
    }
    this.#last = at;
    this.#base = at.seq;
    if (missed) this.#block.delivered += 1;
    const shown = events.filter((event) => !isHidden(event, me));
    if (shown.length > 0) {
      const { name: group } = this;
      const own = settled.size > 0;
      this.#effects.emit({ kind: 'message', group, at, time, own, missed, events: shown });
    }
    this.releaseVolatiles();
    return { settled: [...settled], deleted: events.some(({ kind }) => kind === 'group_deleted') };
  }

  /** The group was deleted. Who watches the name goes on with the next group that has it. */
  restart(): void {
    this.#copy = new Copy({ stateful: false, absenceMs: 0 });
    this.#created = 0;
  }

  /** The server does not know the position any more: begins at the present, and is told the gap. */
  forgetPosition(): void {
    this.#last = null;
    this.#created = 0;
  }

  releaseVolatiles(): void {
    for (const { senderId, data } of this.volatiles.release(this.#last?.seq ?? 0)) {
      this.#effects.emit({ kind: 'volatile', group: this.name, senderId, data });
    }
  }

  disconnected(since: number): void {
    this.phase = 'idle';
    this.#transfer = null;
    this.volatiles.clear();
    this.locks.disconnected(since);
  }

  #apply(event: Event, seq: number, me: ClientId): void {
    const isWrite = event.kind === 'obj_state' || event.kind === 'group_state';
    // Watchers get no objects to start from, so that theirs would be wrong: they read the state.
    if (!isWrite || this.scope === 'member') this.#copy?.apply(event, seq);
    if (event.kind === 'lock_granted' && event.senderId === me) this.locks.granted(event);
    if (event.kind === 'lock_released' && event.senderId === me) this.locks.released(event);
    if (event.kind === 'renamed_member' && event.clientId === me) this.displayName = event.name;
  }
}
