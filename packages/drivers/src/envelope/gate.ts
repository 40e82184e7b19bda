/** What stands between the network and a processor: seals what goes out, opens and judges what comes in. */
import type { DatagramEnvelope } from '@choir/ftmp';
import type { Destination } from '../udp/destination.ts';

export interface Gate extends Pick<DatagramEnvelope, 'seal' | 'overheadBytes'> {
  /** Takes a datagram, which is the gate's from then on: passes up what is in it, or counts why not. */
  arrive(datagram: Uint8Array, from: Destination, now: number): void;
  /** There is time now: makes ready what the next datagrams need. */
  ready(): void;
  /** The processor begins a new incarnation. */
  renew(): void;
  /** Datagrams that were not let in, by the reason. */
  readonly refused: ReadonlyMap<string, number>;
}

/** What a gate is given. */
export type Passage = {
  /** Takes the message of a datagram, which is not changed afterwards, and where the datagram came from. */
  readonly pass: (message: Uint8Array, from: Destination) => void;
  /** Sends a datagram of the gate's own. */
  readonly reply: (datagram: Uint8Array, to: Destination) => void;
};

/** Port 0 can be forged and not be sent to, and who cannot be answered is nobody. */
export function isNowhere({ port }: Destination): boolean {
  return port === 0;
}

/** Counts by name. */
export class Tally {
  readonly counts = new Map<string, number>();

  count(name: string, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }
}
