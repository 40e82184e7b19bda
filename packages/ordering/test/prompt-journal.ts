/** A journal that answers at once, or when told: for looking at one life step by step. */
import type { JournalReply, JournalRequest } from '@choir/journal';
import { JournalContents } from '@choir/testkit';
import { LocalOrdering, type Ordered, type ReadResult } from '../src/index.ts';

export class PromptJournal {
  readonly contents = new JournalContents();

  /** A new life on this journal; nothing is asked of it yet. */
  open(me: string, clean = false): LocalOrdering {
    return new LocalOrdering({ opened: this.contents.opened(clean), me });
  }

  /** A new life that is ready for submissions. */
  openReady(me: string, wallMs = 0, clean = false): LocalOrdering {
    const ordering = this.open(me, clean);
    while (!ordering.status().writable) this.exchange(ordering, wallMs);
    return ordering;
  }

  /** Takes what is asked, performs it and answers. */
  exchange(ordering: LocalOrdering, wallMs = 0): void {
    this.answer(ordering, ordering.takeRequests(wallMs));
  }

  answer(ordering: LocalOrdering, requests: readonly JournalRequest[]): void {
    for (const request of requests) ordering.handle(this.perform(request));
  }

  perform(request: JournalRequest): JournalReply {
    if (request.kind === 'commit') {
      this.contents.apply(request);
      return { kind: 'committed', head: this.contents.head.seq };
    }
    if (request.kind !== 'read-entries') throw new Error('local ordering reads no rows');
    return {
      kind: 'entries',
      entries: this.contents.entriesAfter(request.after, request.maxBytes),
    };
  }

  /** Reads everything from the beginning, as a host does that replays. */
  readAll(ordering: LocalOrdering, maxBytes = 10_000): Ordered[] {
    const all: Ordered[] = [];
    for (let turn = 0; turn < 100_000; turn += 1) {
      const after = all.at(-1)?.at ?? { epoch: 0, seq: 0 };
      const result = ordering.read(after, maxBytes);
      if (result.kind === 'gap') throw new Error('a gap in the local log');
      if (result.kind === 'entries') all.push(...result.entries);
      else if (after.seq === ordering.status().head.seq) return all;
      else this.exchange(ordering);
    }
    throw new Error('the log does not end');
  }
}

export function entriesOf(result: ReadResult): readonly Ordered[] {
  return result.kind === 'entries' ? result.entries : [];
}
