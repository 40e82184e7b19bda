/** What ordering knows of one source: how far it was heard, what it has acknowledged, and its messages that wait. */
import type { ProcessorId } from '../ids.ts';
import type { Held } from '../rmp/held.ts';
import { Fifo } from './fifo.ts';

export class Lane {
  readonly source: ProcessorId;
  /** Every ordered message of this source with this timestamp or a lower one was received. */
  heard: number;
  /** The highest ack timestamp that it sent. */
  ack = 0;
  readonly waiting = new Fifo<Held>();

  constructor(source: ProcessorId, heard: number) {
    this.source = source;
    this.heard = heard;
  }
}
