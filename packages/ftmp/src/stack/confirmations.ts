/**
 * What heartbeats say about the size of datagrams (E5): the probes and Joins of others are confirmed, and their confirmations counted.
 *
 * Datagrams come late, and some of them twice, ten seconds later perhaps: what a confirmation is worth must not hang on when it comes. So it
 * names what it confirms, by the timestamp of that. That of a probe counts from when the probe was sent (Z1), that of a Join from when that
 * very Join came here, and only from the configuration that this processor is in (Z2).
 */
import { compareViews, type ProcessorId } from '../ids.ts';
import { membersMax } from '../wire/fields.ts';
import {
  type BodyOf,
  type Confirmation,
  confirmationBytes,
  headerBytes,
  heartbeatBytes,
} from '../wire/index.ts';
import type { GroupState } from './group-state.ts';
import type { Beat } from './hearing.ts';
import type { Newcomers } from './newcomers.ts';
import type { Sizing } from './sizing.ts';

/** Another member's confirmation of a probe of this processor. */
type Received = {
  /** The last reliable message of its source before it. */
  readonly sequence: number;
  readonly probe: number;
};

export class Confirmations {
  readonly #state: GroupState;
  readonly #newcomers: Newcomers;
  readonly #sizing: Sizing;
  /** The last probe or Join of each that is to be confirmed, by its timestamp. */
  readonly #due = new Map<ProcessorId, number>();
  /** What does not count yet. */
  readonly #received = new Map<ProcessorId, Received>();

  constructor(
    state: GroupState,
    { newcomers, sizing }: { readonly newcomers: Newcomers; readonly sizing: Sizing },
  ) {
    this.#state = state;
    this.#newcomers = newcomers;
    this.#sizing = sizing;
  }

  get isAnyDue(): boolean {
    return this.#due.size > 0;
  }

  /**
   * A heartbeat of a member.
   *
   * @param counters its own, and the last reliable message of its source before it
   */
  heard(
    source: ProcessorId,
    { confirms, configuration, padding }: BodyOf<'heartbeat'>,
    { sequence, timestamp }: Beat,
  ): void {
    const { self, configuration: own } = this.#state;
    if (padding.length > 0 && this.#newcomers.mayPermit(source, timestamp))
      this.#due.set(source, timestamp % 2 ** 32);
    const isHere = compareViews(configuration, own) === 0;
    for (const confirmation of confirms) {
      if (confirmation.processor === self) this.#probeConfirmed(source, confirmation, sequence);
      else if (isHere) this.#newcomers.joinConfirmed(source, confirmation, timestamp);
    }
  }

  run(): void {
    this.#count();
    const joins = this.#newcomers.joinsHeard();
    // Who cannot have sent large need not say so.
    if (!this.#sizing.isInUse(this.#state.now)) return;
    for (const { processor, timestamp } of joins) this.#due.set(processor, timestamp);
  }

  /** What the next heartbeat is to confirm: as much as a packet holds. */
  take(): readonly Confirmation[] {
    const { settings, envelope } = this.#state.surroundings;
    const room = settings.packetBytes - envelope.overheadBytes - headerBytes - heartbeatBytes;
    const most = Math.min(membersMax, Math.floor(room / confirmationBytes));
    const confirms: Confirmation[] = [];
    for (const [processor, timestamp] of this.#due) {
      if (confirms.length >= most) break;
      confirms.push({ processor, timestamp });
      this.#due.delete(processor);
    }
    return confirms;
  }

  /** It may be the confirmation of a Join that this processor sent before it was added: then no probe has that timestamp. */
  #probeConfirmed(by: ProcessorId, { timestamp: probe }: Confirmation, sequence: number): void {
    if (this.#sizing.sentAt(probe) === undefined) return;
    this.#received.set(by, { sequence, probe });
  }

  /**
   * A confirmation counts when all is held that its source sent before. There may be an AddProcessor in it, and large datagrams would be
   * sent by who does not know of the newcomer (Z2).
   */
  #count(): void {
    for (const [source, { sequence, probe }] of this.#received) {
      const stream = this.#state.rmp.stream(source);
      if (stream !== undefined && stream.contiguous < sequence) continue;
      this.#received.delete(source);
      if (stream !== undefined) this.#sizing.confirmed(source, probe);
    }
  }
}
