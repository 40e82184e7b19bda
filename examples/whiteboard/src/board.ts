/** The board: so many cells, at positions from the upper left corner; in each a character, and who drew it. */

export const columns = 60;
export const rows = 16;

export type Position = { readonly x: number; readonly y: number };
export type Cell = { readonly character: string; readonly by: string };

/** What takes one column of a terminal and is seen: of ASCII and Latin-1. */
export function isDrawable(text: string): boolean {
  return /^[!-~\u00a1-\u00ac\u00ae-\u00ff]$/.test(text);
}

/** The position after so many steps; the edges hold it. */
export function moved({ x, y }: Position, dx: number, dy: number): Position {
  return { x: within(x + dx, columns), y: within(y + dy, rows) };
}

/** What a position is called in the map of cells. */
export function keyOf({ x, y }: Position): string {
  return `${x},${y}`;
}

function within(place: number, count: number): number {
  return Math.min(Math.max(place, 0), count - 1);
}
