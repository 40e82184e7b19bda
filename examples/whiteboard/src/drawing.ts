/** What stands on the screen: the board within its edges, and below it who is here, the news, and what the keys do. */
import { type Cell, columns, isDrawable, keyOf, type Position, rows } from './board.ts';
import type { Cursor } from './cursors.ts';
import { clean, painted } from './paint.ts';

export type Picture = {
  /** Undefined where nothing was drawn. */
  readonly cell: (key: string) => Cell | undefined;
  readonly self: Cursor;
  readonly others: readonly Cursor[];
  /** Labels, in the order of the view. */
  readonly members: readonly string[];
  /** The last of what happened, oldest first. */
  readonly news: readonly string[];
  /** Of this process, for whoever wants to kill it. */
  readonly pid: number;
};

export type Size = { readonly columns: number; readonly rows: number };

/** Lines of news. */
export const newsMax = 2;

/** Characters of a label below the board. */
const labelMax = 16;
const gap = '  ';
/** In place of what there is no room for. */
const more = '…';

export const sizeMin: Size = { columns: columns + 2, rows: rows + newsMax + 4 };

/** The whole screen. A terminal that is too small is told so. */
export function frame(picture: Picture, size: Size): string {
  const isFitting = size.columns >= sizeMin.columns && size.rows >= sizeMin.rows;
  const lines = isFitting ? page(picture) : tooSmall(size);
  return `\x1b[H${lines.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J`;
}

function page(picture: Picture): readonly string[] {
  const width = sizeMin.columns;
  const edge = '─'.repeat(columns);
  return [
    `┌${edge}┐`,
    ...grid(picture).map((row) => `│${row.join('')}│`),
    `└${edge}┘`,
    legend(picture),
    ...Array.from({ length: newsMax }, (_, n) => clean(picture.news[n] ?? '').slice(0, width)),
    `Arrows move, typing draws, space erases, q leaves. pid ${picture.pid}`,
  ];
}

function grid({ cell, self, others }: Picture): readonly (readonly string[])[] {
  const at = (place: Position): Cell | undefined => shown(cell(keyOf(place)));
  const glyphs = Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columns }, (_, x) => {
      const found = at({ x, y });
      return found === undefined ? ' ' : painted(found.character, found.by);
    }),
  );
  const put = ({ x, y }: Position, text: string): void => {
    glyphs[y]?.splice(x, 1, text);
  };
  for (const { label, place } of others) {
    // A label stands beside its cursor, and hides nothing that was drawn.
    for (const [n, character] of [...clean(label)].entries()) {
      const beside = { x: place.x + 1 + n, y: place.y };
      if (beside.x >= columns || at(beside) !== undefined) break;
      put(beside, painted(character, label, 'faint'));
    }
  }
  for (const { label, place } of [...others, self]) {
    put(place, painted(at(place)?.character ?? ' ', label, 'inverse'));
  }
  return glyphs;
}

/** As many members as there is room for, and whether there are more. */
function legend({ members, self }: Picture): string {
  const parts: string[] = [];
  let room = sizeMin.columns;
  for (const [at, label] of members.entries()) {
    const text = shortened(clean(label));
    const isLast = at === members.length - 1;
    if (room < text.length + (isLast ? 0 : gap.length + more.length))
      return [...parts, more].join(gap);
    room -= text.length + gap.length;
    parts.push(painted(text, label, label === self.label ? 'inverse' : 'bold'));
  }
  return parts.join(gap);
}

/** So that no member takes the room of the others. */
function shortened(label: string): string {
  return label.length <= labelMax ? label : `${label.slice(0, labelMax - more.length)}${more}`;
}

function tooSmall({ columns: width, rows: height }: Size): readonly string[] {
  return [
    `The board needs ${sizeMin.columns} columns and ${sizeMin.rows} rows,`,
    `this window has ${width} and ${height}: enlarge it.`,
  ];
}

/** Of a cell that another program set anything may come. */
function shown(cell: Cell | undefined): Cell | undefined {
  return isDrawable(`${cell?.character}`) && typeof cell?.by === 'string' ? cell : undefined;
}
