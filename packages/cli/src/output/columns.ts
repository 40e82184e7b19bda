/** Lines of a table whose cells stand below each other. */

export type Column<Row> = readonly [title: string, cell: (row: Row) => string];

/** The line of titles, then one for each row. Columns of numbers (`right`) end below each other. */
export function columnLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  right: ReadonlySet<string> = new Set(),
): readonly [string, ...string[]] {
  const cells = rows.map((row) => columns.map(([, cell]) => cell(row)));
  const widths = columns.map(([title], at) =>
    Math.max(title.length, ...cells.map((line) => line[at]?.length ?? 0)),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, at) => {
        const wide = widths[at] ?? 0;
        return right.has(columns[at]?.[0] ?? '') ? text.padStart(wide) : text.padEnd(wide);
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(([title]) => title)), ...cells.map(line)];
}
