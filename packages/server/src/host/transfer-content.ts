/**
 * The content of objects on its way to one session, in chunks: from memory where it is, else from rows.
 * It holds the rows of one read at most, about `chunkBytes` of them.
 */
import type { ContentRef } from '@choir/groups';
import { limits, type ObjectUpdate } from '@choir/protocol';
import type { Update } from './delivered.ts';
import type { FeedContext } from './feed-context.ts';
import type { GroupStream } from './group-stream.ts';
import type { Page, PageTaker } from './row-reader.ts';
import type { Session } from './session.ts';

/** The journal's bound of one read. */
const readRowsMax = 1_024;

export class TransferContent implements PageTaker {
  readonly #context: FeedContext;
  readonly #session: Session;
  readonly #stream: GroupStream;
  readonly #refs: readonly ContentRef[];
  /** The first reference that was not sent. */
  #next = 0;
  #read = new Map<number, readonly Update[]>();
  #asked = false;

  constructor(
    context: FeedContext,
    session: Session,
    from: { readonly stream: GroupStream; readonly refs: readonly ContentRef[] },
  ) {
    this.#context = context;
    this.#session = session;
    this.#stream = from.stream;
    this.#refs = from.refs;
  }

  get gone(): boolean {
    return this.#session.ended;
  }

  get done(): boolean {
    return this.#next === this.#refs.length;
  }

  /** The next updates; none when rows must be read first. */
  chunk(): readonly ObjectUpdate[] {
    const updates: ObjectUpdate[] = [];
    let bytes = 0;
    for (;;) {
      const ref = this.#refs[this.#next];
      if (ref === undefined || bytes >= this.#context.settings.chunkBytes) break;
      const found = this.#find(ref.seq);
      if (found === null) break;
      const live = liveOf(found, ref);
      if (updates.length > 0 && updates.length + live.length > limits.checkpointObjects) break;
      for (const { object, update, data } of live) {
        updates.push({ object, update, at: ref.seq, data });
        bytes += data.length;
      }
      this.#next += 1;
    }
    if (updates.length === 0 && !this.done) this.#ask();
    return updates;
  }

  take({ items }: Page): void {
    this.#asked = false;
    this.#read = new Map();
    for (const item of items) {
      const updates = item.updates();
      this.#read.set(item.seq, updates);
      this.#context.streams.fill(this.#stream, item.seq, updates);
    }
    this.#session.wake();
  }

  #find(seq: number): readonly Update[] | null {
    const kept = this.#stream.content.find(seq) ?? this.#read.get(seq);
    return kept ?? this.#stream.tail.at(seq)?.updates() ?? null;
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    const seqs: number[] = [];
    for (let index = this.#next; index < this.#refs.length; index += 1) {
      const seq = this.#refs[index]?.seq ?? 0;
      if (this.#find(seq) === null) seqs.push(seq);
      if (seqs.length === readRowsMax) break;
    }
    const { reader, settings } = this.#context;
    reader.at(this.#stream.id, { seqs, maxBytes: settings.chunkBytes }, this);
  }
}

/** Of the updates in a row, those of objects whose content they still are. */
function liveOf(updates: readonly Update[], { objects }: ContentRef): readonly Update[] {
  const [only] = objects;
  if (objects.length === 1) return updates.filter(({ object }) => object === only);
  const live = new Set(objects);
  return updates.filter(({ object }) => live.has(object));
}
