/** Who leads (B3), as a function of the order: the first member that held the state when the leader before was gone. */
import { Reader, Writer } from '@choir/bytes';
import type { ProcessorId } from '@choir/ftmp';
import { readProcessor } from '../fields.ts';
import type { GroupView } from '../member.ts';

/** `term`: the number of the view that made it the leader; like a fence, it grows with each. */
export type Reign = { readonly leader: ProcessorId; readonly term: number };

const none = 0;

export class ElectionState {
  #reign: Reign | null = null;

  /** Null before the first view. */
  get reign(): Reign | null {
    return this.#reign;
  }

  clear(): void {
    this.#reign = null;
  }

  /** Where nobody has said yet that it holds the state, the first that is to be given it leads. */
  view({ number, members, holders, observers }: GroupView): void {
    const isIn = (id: ProcessorId): boolean => members.some((member) => member.id === id);
    if (this.#reign !== null && isIn(this.#reign.leader)) return;
    const isObserver = (id: ProcessorId): boolean => observers.some((member) => member.id === id);
    const [first] = [...holders, ...members.filter(({ id }) => !isObserver(id))];
    this.#reign = first === undefined ? null : { leader: first.id, term: number };
  }

  snapshot(): Iterable<Uint8Array> {
    const writer = new Writer();
    writer.natural(this.#reign?.leader ?? none);
    writer.natural(this.#reign?.term ?? none);
    return [writer.take()];
  }

  /** @throws Error when these are not the pieces of a snapshot */
  restore([piece = new Uint8Array()]: readonly Uint8Array[]): void {
    const reader = new Reader(piece);
    const [leader, term] = [readProcessor(reader), reader.natural()];
    if (reader.failed || reader.remaining > 0) throw new Error('This is no leader.');
    this.#reign = { leader, term };
  }
}
