/**
 * What heartbeats say about the size of datagrams (E5): the probes of others are confirmed, and their confirmations counted.
 *
 * Datagrams come late, and some of them twice, ten seconds later perhaps: what a confirmation is worth must not hang on when it comes. So it
 * names the probe, by the timestamp of that, and counts from when that was sent.
 */
import type { ProcessorId } from '../ids.ts';
import { membersMax } from '../wire/fields.ts';
import {
  type BodyOf,
  type Confirmation,
  confirmationBytes,
  headerBytes,
  heartbeatBytes,
} from '../wire/index.ts';
import type { Surroundings } from './options.ts';
import type { Sizing } from './sizing.ts';

export class Confirmations {
  readonly #self: ProcessorId;
  readonly #most: number;
  readonly #sizing: Sizing;
  /** The last probe of each member that is to be confirmed, by its timestamp. */
  readonly #due = new Map<ProcessorId, number>();

  constructor({ self, settings, envelope }: Surroundings, sizing: Sizing) {
    const room = settings.packetBytes - envelope.overheadBytes - headerBytes - heartbeatBytes;
    this.#self = self;
    this.#most = Math.min(membersMax, Math.floor(room / confirmationBytes));
    this.#sizing = sizing;
  }

  get isAnyDue(): boolean {
    return this.#due.size > 0;
  }

  /** A heartbeat of a member, and its timestamp. */
  heard(source: ProcessorId, { confirms, padding }: BodyOf<'heartbeat'>, timestamp: number): void {
    if (padding.length > 0) this.#due.set(source, timestamp % 2 ** 32);
    for (const { processor, timestamp: probe } of confirms) {
      if (processor === this.#self) this.#sizing.confirmed(source, probe);
    }
  }

  /** What the next heartbeat is to confirm: as much as a packet holds. */
  take(): readonly Confirmation[] {
    const confirms: Confirmation[] = [];
    for (const [processor, timestamp] of this.#due) {
      if (confirms.length >= this.#most) break;
      confirms.push({ processor, timestamp });
      this.#due.delete(processor);
    }
    return confirms;
  }
}
