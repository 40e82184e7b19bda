/**
 * Where cursors are. That is no state of the group: each member says where its own is, when it joins, when it moves, and when it hears of a
 * cursor for the first time, whose member knows of nobody's. What was said is forgotten with whoever said it.
 */
import type { Member } from '@choir/process-group';
import { columns, type Position, rows } from './board.ts';

export type Cursor = { readonly label: string; readonly place: Position };

export class Cursors {
  readonly #cursors = new Map<Member['id'], Cursor>();

  /** A member said where its cursor is. Whether it is the first time. */
  moved({ id, label }: Member, place: Position): boolean {
    const isFirst = !this.#cursors.has(id);
    this.#cursors.set(id, { label, place });
    return isFirst;
  }

  /** Forgets those who are not here. */
  keep(members: readonly Member[]): void {
    const here = new Set(members.map(({ id }) => id));
    for (const id of this.#cursors.keys()) if (!here.has(id)) this.#cursors.delete(id);
  }

  /** All but that of this member. */
  others(self: Member | null): readonly Cursor[] {
    return [...this.#cursors].filter(([id]) => id !== self?.id).map(([, cursor]) => cursor);
  }
}

export function encodePosition({ x, y }: Position): Uint8Array {
  return Uint8Array.of(x, y);
}

/** Null when it is no position on the board. */
export function decodePosition(bytes: Uint8Array): Position | null {
  const [x = columns, y = rows] = bytes;
  return bytes.length === 2 && x < columns && y < rows ? { x, y } : null;
}
