import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { type Cell, columns, rows } from '../src/board.ts';
import { frame, newsMax, type Picture, sizeMin } from '../src/drawing.ts';
import { colourOf } from '../src/paint.ts';

const empty: Picture = {
  cell: () => undefined,
  self: { label: 'ann', place: { x: 0, y: 0 } },
  others: [],
  members: ['ann'],
  news: [],
  pid: 7,
};

function withCells(cells: Readonly<Record<string, unknown>>): Pick<Picture, 'cell'> {
  return { cell: (key) => cells[key] as Cell | undefined };
}

/** What a terminal shows of it, without colours. */
function lines(picture: Partial<Picture>, size = sizeMin): readonly string[] {
  return stripVTControlCharacters(frame({ ...empty, ...picture }, size)).split('\r\n');
}

/** A row of the board, without its edges. */
function row(y: number, picture: Partial<Picture>): string {
  return lines(picture)[y + 1]?.slice(1, -1).trimEnd() ?? '';
}

test('a frame fills the smallest terminal that is large enough, and no more', () => {
  const shown = lines({ news: ['one', 'two'], pid: 4_194_304 });
  expect(shown).toHaveLength(sizeMin.rows);
  for (const line of shown) expect(line.length).toBeLessThanOrEqual(sizeMin.columns);
});

test('a terminal that is too small is told the size that it needs', () => {
  const shown = lines({}, { columns: 20, rows: 5 }).join(' ');
  expect(shown).toContain(`needs ${sizeMin.columns} columns and ${sizeMin.rows} rows`);
});

test('cells are shown in the colour of who drew them', () => {
  const picture = { ...empty, ...withCells({ '3,1': { character: '#', by: 'bob' } }) };
  expect(row(1, picture)).toBe('   #');
  expect(frame(picture, sizeMin)).toContain(`\x1b[38;5;${colourOf('bob')}m#`);
});

test('a label stands beside its cursor, and hides nothing that was drawn', () => {
  const others = [{ label: 'bob', place: { x: 4, y: 2 } }];
  expect(row(2, { others })).toBe('     bob');
  const cells = withCells({
    '4,2': { character: '*', by: 'ann' },
    '7,2': { character: '!', by: 'ann' },
  });
  expect(row(2, { others, ...cells })).toBe('    *bo!');
  expect(row(2, { others: [{ label: 'bob', place: { x: columns - 2, y: 2 } }] })).toMatch(/ b$/);
  expect(row(rows - 1, { others: [{ label: 'b', place: { x: 0, y: rows - 1 } }] })).toBe(' b');
});

test('what others chose cannot command the terminal', () => {
  const cells = withCells({
    '0,5': { character: '\x1b[2J', by: 'bob' },
    '1,5': { character: 'x', by: 7 },
    '2,5': null,
    '3,5': 'text',
  });
  expect(row(5, cells)).toBe('');
  const shown = frame({ ...empty, members: ['b\x1bb'], news: ['a\x07b'] }, sizeMin);
  expect(shown).toContain('b?b');
  expect(shown).toContain('a?b');
});

test('a long label is cut, and hides nobody', () => {
  const members = ['x'.repeat(64), 'ann', 'bob'];
  expect(lines({ members })[rows + 2]).toBe(`${'x'.repeat(15)}…  ann  bob`);
});

test('the members are listed to the last column, and no mark follows when these are all', () => {
  const labels = (last: number) => [
    ...Array.from({ length: 4 }, () => 'y'.repeat(10)),
    'z'.repeat(last),
  ];
  const width = sizeMin.columns - 4 * 12;
  expect(width).toBeLessThanOrEqual(16);
  expect(lines({ members: labels(width) })[rows + 2]?.endsWith('z'.repeat(width))).toBe(true);
  expect(lines({ members: [...labels(width), 'bob'] })[rows + 2]).toMatch(/y {2}…$/);
});

test('of many members as many are listed as there is room for, and that there are more', () => {
  const members = Array.from({ length: 40 }, (_, n) => `member${n}`);
  const legend = lines({ members })[rows + 2] ?? '';
  expect(legend).toMatch(/^member0 {2}member1 .* {2}…$/);
  expect(legend.length).toBeLessThanOrEqual(sizeMin.columns);
});

test('the last news are below the members', () => {
  expect(lines({ news: ['one'] }).slice(rows + 3, rows + 3 + newsMax)).toEqual(['one', '']);
});
