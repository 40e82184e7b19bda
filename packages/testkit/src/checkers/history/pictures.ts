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
export function picturesOf(history: History): Pictures {
  const pictures = new Pictures();
  for (const { streams, identity } of history.processes.all) {
    for (const { transfers } of streams.values()) {
      for (const picture of transfers) {
        if (isOfState(picture, identity.client, history)) pictures.add(picture);
      }
    }
  }
  return pictures;
}

/** Whether it pictures the state of a group at its position. */
export function isOfState(picture: Transferred, client: string, history: History): boolean {
  if (picture.head.created === 0 || isRemainder(picture.head, history)) return false;
  return !isBygone(picture, client, history);
}

/** Who reads a log from its beginning, when that is not kept, begins with nothing where the rest begins. */
export function isRemainder({ purpose, gap, created, seq }: Block, { log }: History): boolean {
  const isWatch = purpose === 'watch' && gap && created !== 0;
  return isWatch && log.isCut(created, seq);
}

/**
 * A membership that ended while its joiner waited for the block is answered by nothing at all, right before
 * what ended it: the group may be gone, and who left is not to see what came since.
 */
function isBygone(picture: Transferred, client: string, { log }: History): boolean {
  const { head, members, held, updates, properties } = picture;
  if (members.length + held.length + updates.length + properties.length > 0) return false;
  const next = log.step(head.seq + 1)?.units.find(({ created }) => created === head.created);
  const events = next?.events ?? [];
  return events.some(
    (one) => one.event === 'group_deleted' || (one.event === 'non_member' && one.client === client),
  );
}
