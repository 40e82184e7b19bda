/** A reliable message as it is kept: with its counters whole, and its bytes for retransmission. */
import type { ProcessorId } from '../ids.ts';
import type { Body } from '../wire/index.ts';

export type Held = {
  readonly source: ProcessorId;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ack: number;
  readonly safe: boolean;
  readonly body: Body;
  readonly bytes: Uint8Array;
};
