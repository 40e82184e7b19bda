/**
 * The Reliable Multicast Protocol (paper 5) of one processor in one group: source-ordered delivery without holes, from datagrams
 * that may be lost, doubled and out of order.
 *
 * Boundary: knows sources and numbers. What messages mean, and which are no longer needed, is told from above.
 */
import type { ProcessorId } from '../ids.ts';
import type { Slice } from '../wire/slice.ts';
import { Answering, type AnsweringOptions, type Turn } from './answering.ts';
import { Asking, type AskingOptions } from './asking.ts';
import type { Held } from './held.ts';
import { Stream } from './stream.ts';
import { Unheard } from './unheard.ts';

export type RmpOptions = AskingOptions &
  AnsweringOptions & {
    /** Answers go to who asks alone, and requests to who is to answer. */
    readonly fansOut: boolean;
    /** How far above what is contiguous messages are stored. */
    readonly reach: number;
    /** What a source may have under way, in bytes. */
    readonly windowBytes: number;
  };

export type RangeRequest = {
  readonly source: ProcessorId;
  readonly start: number;
  readonly stop: number;
};

/** A range that this processor misses; `isInVain`: its source was asked for it without success. */
export type Missing = RangeRequest & { readonly isInVain: boolean };

type Recipient = 'group' | ProcessorId;

export type Retransmission = { readonly held: Held; readonly to: Recipient };

const runsAtOnce = 8;

export class Rmp {
  readonly #options: RmpOptions;
  readonly #streams = new Map<ProcessorId, Stream>();
  readonly #asking = new Map<ProcessorId, Asking>();
  /** By whom the answers are for: where all get them, they are for the group. */
  readonly #answering = new Map<Recipient, Answering>();
  readonly #unheard = new Unheard();
  /** Of those who are gone. */
  #cappedBefore = 0;

  constructor(options: RmpOptions) {
    this.#options = options;
  }

  get streams(): ReadonlyMap<ProcessorId, Stream> {
    return this.#streams;
  }

  /** Requests that were not answered in full because of the caps (R4). */
  get capped(): number {
    let capped = this.#cappedBefore;
    for (const answering of this.#answering.values()) capped += answering.capped;
    return capped;
  }

  stream(source: ProcessorId): Stream | undefined {
    return this.#streams.get(source);
  }

  /** From now on messages of this source are taken, from the one behind `base` on. */
  open(source: ProcessorId, base: number): Stream {
    const known = this.#streams.get(source);
    if (known !== undefined) return known;
    const stream = new Stream(source, base, this.#options.windowBytes);
    this.#streams.set(source, stream);
    this.#asking.set(source, new Asking(this.#options));
    return stream;
  }

  close(source: ProcessorId): void {
    this.#streams.delete(source);
    this.#asking.delete(source);
    for (const answering of this.#answering.values()) answering.forget(source);
    this.#cappedBefore += this.#answering.get(source)?.capped ?? 0;
    this.#answering.delete(source);
  }

  /** Nothing more is wanted of this source; what is held of it is kept for others. */
  retire(source: ProcessorId, now: number): void {
    const stream = this.#streams.get(source);
    if (stream === undefined) return;
    stream.settle();
    this.look(stream, now);
  }

  /** Takes a message; what can be passed up because of it is then got with `next` of the stream. */
  take(
    stream: Stream,
    held: Held,
    { now, again }: { now: number; again: boolean },
  ): 'new' | 'known' | 'beyond' {
    const isMissing = held.sequence < stream.highest;
    const taken = stream.store(held, this.#options.reach);
    const asking = this.#asking.get(stream.source);
    if (taken === 'known' && !again) asking?.doubled(held.sequence);
    if (taken !== 'new') return taken;
    if (isMissing) asking?.filled(held.sequence, again, now);
    this.#unheard.more(stream.source, now);
    if (held.sequence !== stream.contiguous + 1) this.look(stream, now);
    return taken;
  }

  /** Takes a slice of a message (E15). @returns the message, when all of it is here; `beyond` when its number is absurd */
  slice(stream: Stream, sequence: number, slice: Slice, now: number): Uint8Array | 'beyond' | null {
    if (!this.exists(stream, sequence, now)) return 'beyond';
    this.retransmissionSeen(stream.source, sequence, now);
    if (sequence <= stream.contiguous || stream.holds(sequence)) return null;
    return stream.slices.take(sequence, slice);
  }

  /** The source has sent up to this number; false when that is absurd. */
  exists(stream: Stream, sequence: number, now: number): boolean {
    if (sequence <= stream.highest) return true;
    if (!stream.exists(sequence, this.#options.reach)) return false;
    this.look(stream, now);
    return true;
  }

  /** To be called when what is contiguous has changed. */
  look(stream: Stream, now: number): void {
    this.#asking.get(stream.source)?.observe(stream.hasGap, stream.contiguous, now);
  }

  /** Another processor asked: this one need not ask for the same. */
  #overheard({ source, start, stop }: RangeRequest, now: number): void {
    if (this.#options.fansOut) return;
    const stream = this.#streams.get(source);
    if (stream?.hasGap !== true) return;
    const first = stream.contiguous + 1;
    if (start <= first && first <= stop) this.#asking.get(source)?.overheard(now);
  }

  /**
   * Somebody asks; of what does not exist, as far as is known here, nothing is answered.
   *
   * @param by who asks
   * @param turn when this processor is to answer
   */
  requested(by: ProcessorId, request: RangeRequest, turn: Turn, now: number): void {
    this.#overheard(request, now);
    const stream = this.#streams.get(request.source);
    if (stream === undefined) return;
    const start = Math.max(request.start, stream.floor + 1);
    const stop = Math.min(request.stop, stream.highest);
    if (start > stop) return;
    const holds = (sequence: number): boolean => stream.holds(sequence);
    this.#answeringFor(by).requested({ ...request, start, stop, holds }, turn, now);
  }

  retransmissionSeen(source: ProcessorId, sequence: number, now: number): void {
    // Where it was sent to this processor alone that says nothing of others.
    if (!this.#options.fansOut) this.#answeringFor(source).seen(source, sequence, now);
  }

  get due(): number {
    let { due } = this.#unheard;
    for (const answering of this.#answering.values()) due = Math.min(due, answering.due);
    for (const asking of this.#asking.values()) due = Math.min(due, asking.due);
    return due;
  }

  /** These are not heard now: what they sent last is asked for, again and again, though no gap is known of. */
  unheard(sources: ReadonlySet<ProcessorId>, now: number): void {
    this.#unheard.set(sources, now);
  }

  /** The requests that are due. */
  requests(now: number): readonly Missing[] {
    const requests: Missing[] = [];
    for (const [source, asking] of this.#asking) {
      if (asking.due > now) continue;
      const stream = this.#streams.get(source);
      for (const run of stream?.missing(runsAtOnce) ?? []) {
        const stop = Math.min(run.stop, run.start + this.#options.rangeMax - 1);
        requests.push({ source, start: run.start, stop, isInVain: asking.isInVain(now) });
      }
      asking.asked(now);
    }
    for (const source of this.#unheard.next(now)) {
      const stream = this.#streams.get(source);
      if (stream === undefined) continue;
      const start = stream.highest + 1;
      const stop = stream.highest + this.#options.rangeMax;
      requests.push({ source, start, stop, isInVain: true });
    }
    return requests;
  }

  /** The retransmissions that are due, as the messages to be sent again, and to whom. */
  retransmissions(now: number): readonly Retransmission[] {
    const found: Retransmission[] = [];
    for (const [to, answering] of this.#answering) {
      for (const { source, sequence } of answering.answers(now)) {
        const held = this.#streams.get(source)?.at(sequence);
        if (held !== undefined) found.push({ held, to });
      }
    }
    return found;
  }

  #answeringFor(by: ProcessorId): Answering {
    const recipient = this.#options.fansOut ? by : 'group';
    const known = this.#answering.get(recipient);
    if (known !== undefined) return known;
    const answering = new Answering(this.#options);
    this.#answering.set(recipient, answering);
    return answering;
  }

  /** Messages held, and their bytes. */
  get buffered(): { readonly messages: number; readonly bytes: number } {
    let [messages, bytes] = [0, 0];
    for (const stream of this.#streams.values()) {
      messages += stream.count;
      bytes += stream.bytes;
    }
    return { messages, bytes };
  }
}
