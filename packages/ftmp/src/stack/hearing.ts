/**
 * How far each source was heard, and what it has acknowledged, from the counters of its datagrams. Those of a datagram count when
 * everything before it was received; until then the newest are kept.
 */
import type { ProcessorId } from '../ids.ts';
import type { Stream } from '../rmp/stream.ts';
import type { GroupState } from './group-state.ts';

/** Sources whose newest counters are kept, also of those who have gone. */
const waitingMax = 512;

export type Beat = {
  /** The last reliable message of its source. */
  readonly sequence: number;
  readonly timestamp: number;
  readonly ack: number;
  /** How far its source may be taken as heard by it: its timestamp, or its lookahead. */
  readonly heard: number;
};

export class Hearing {
  readonly #state: GroupState;
  readonly #waiting = new Map<ProcessorId, Beat>();

  constructor(state: GroupState) {
    this.#state = state;
  }

  /** The counters of a datagram that is no reliable message. */
  beat(stream: Stream, beat: Beat): void {
    const { source } = stream;
    if (beat.sequence > stream.contiguous) {
      const known = this.#waiting.get(source);
      if (this.#waiting.size > waitingMax) this.#waiting.clear();
      if (known === undefined || known.timestamp < beat.timestamp) this.#waiting.set(source, beat);
      return;
    }
    if (this.#waiting.get(source) === beat) this.#waiting.delete(source);
    this.counters(source, beat);
  }

  /** More of this source is contiguous. */
  advanced(stream: Stream): void {
    const beat = this.#waiting.get(stream.source);
    if (beat !== undefined) this.beat(stream, beat);
  }

  /** Counters before which nothing is missing. */
  counters(source: ProcessorId, { timestamp, heard, ack }: Omit<Beat, 'sequence'>): void {
    const state = this.#state;
    const lane = state.order.lane(source);
    if (lane === undefined) return;
    if (heard > lane.heard) lane.heard = heard;
    if (timestamp > lane.spoken) {
      lane.spoken = timestamp;
      if (state.barrier > 0) state.heardPast(source, timestamp);
    }
    if (ack > lane.ack) lane.ack = ack;
  }
}
