/** The bounds of live content in memory: of one group (paper §3.3, "threshold") and of all. */
import type { Update } from './delivered.ts';
import type { GroupStream } from './group-stream.ts';

export type ContentBounds = { readonly contentBytes: number; readonly groupContentBytes: number };

export type ContentChange = {
  readonly updates: readonly Update[];
  /** They replace all that the group had. */
  readonly checkpoint: boolean;
};

export class Contents {
  readonly #bounds: ContentBounds;
  /** Streams with content, the one used longest ago first. */
  readonly #used = new Set<GroupStream>();
  #bytes = 0;

  constructor(bounds: ContentBounds) {
    this.#bounds = bounds;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A delivery changed objects of the group. */
  apply(stream: GroupStream, seq: number, change: ContentChange): void {
    const before = stream.content.bytes;
    if (change.checkpoint) stream.content.empty();
    stream.content.apply(seq, change.updates);
    this.#account(stream, before);
  }

  /** A row of the group was read. */
  fill(stream: GroupStream, seq: number, updates: readonly Update[]): void {
    const before = stream.content.bytes;
    stream.content.fill(seq, updates);
    this.#account(stream, before);
  }

  empty(stream: GroupStream): void {
    this.#bytes -= stream.content.bytes;
    stream.content.empty();
    this.#used.delete(stream);
  }

  #account(stream: GroupStream, before: number): void {
    this.#bytes += stream.content.bytes - before;
    this.#used.delete(stream);
    this.#used.add(stream);
    if (stream.content.bytes > this.#bounds.groupContentBytes) this.empty(stream);
    for (const oldest of this.#used) {
      if (this.#bytes <= this.#bounds.contentBytes) return;
      this.empty(oldest);
    }
  }
}
