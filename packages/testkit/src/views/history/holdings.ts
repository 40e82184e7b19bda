/** Who ever held which reliable message: from `stored` records, never forgotten. */
import type { RecordOf } from '../vocabulary.ts';

export class Holding {
  readonly source: string;
  readonly seq: number;
  readonly timestamp: number;
  readonly holders = new Set<string>();
  /** The id of a view all of whose members were found to hold it. */
  stableIn: string | null = null;

  constructor({ source, seq, timestamp }: RecordOf<'stored'>) {
    this.source = source;
    this.seq = seq;
    this.timestamp = timestamp;
  }
}

class Source {
  readonly bySeq = new Map<number, Holding>();
  readonly byTimestamp = new Map<number, Holding>();
  /** In the order in which the source made them. */
  readonly made: Holding[] = [];
}

const none: readonly Holding[] = [];

export class Holdings {
  readonly #sources = new Map<string, Source>();

  add(record: RecordOf<'stored'>): void {
    let source = this.#sources.get(record.source);
    if (source === undefined) {
      source = new Source();
      this.#sources.set(record.source, source);
    }
    let holding = source.bySeq.get(record.seq);
    if (holding === undefined) {
      holding = new Holding(record);
      source.bySeq.set(record.seq, holding);
      source.byTimestamp.set(record.timestamp, holding);
    }
    if (record.node === record.source && !holding.holders.has(record.node)) {
      source.made.push(holding);
    }
    holding.holders.add(record.node);
  }

  bySeq(source: string, seq: number): Holding | null {
    return this.#sources.get(source)?.bySeq.get(seq) ?? null;
  }

  byTimestamp(source: string, timestamp: number): Holding | null {
    return this.#sources.get(source)?.byTimestamp.get(timestamp) ?? null;
  }

  madeBy(source: string): readonly Holding[] {
    return this.#sources.get(source)?.made ?? none;
  }
}
