/** The transfers of a trace, by the position at which they picture a group. */
import type { History } from './history.ts';
import type { Block, Picture } from './stream.ts';

export type Transferred = Picture<Block>;

export class Pictures {
  readonly #bySeq = new Map<number, Transferred[]>();

  add(picture: Transferred): void {
    const { seq } = picture.head;
    const before = this.#bySeq.get(seq);
    if (before === undefined) this.#bySeq.set(seq, [picture]);
    else before.push(picture);
  }

  /** Those of this position, which are done with then. */
  take(seq: number): readonly Transferred[] {
    const pictures = this.#bySeq.get(seq) ?? [];
    this.#bySeq.delete(seq);
    return pictures;
  }

  get left(): readonly Transferred[] {
    return [...this.#bySeq.values()].flat();
  }
}

/** All that came whole, of groups that exist. */
export function picturesOf({ processes }: History): Pictures {
  const pictures = new Pictures();
  for (const { streams } of processes.all) {
    for (const { transfers } of streams.values()) {
      for (const picture of transfers) if (picture.head.created !== 0) pictures.add(picture);
    }
  }
  return pictures;
}
