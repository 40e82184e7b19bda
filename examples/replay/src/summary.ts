import { styleText } from 'node:util';

/** One row of the closing table. A verdict row says whether something was as it must be. */
export type Row =
  | { readonly name: string; readonly value: string | number }
  | { readonly name: string; readonly verified: boolean; readonly detail: string };

export function isVerified(rows: readonly Row[]): boolean {
  return rows.every((row) => !('verified' in row) || row.verified);
}

export function summary(rows: readonly Row[]): string {
  const wide = Math.max(...rows.map(({ name }) => name.length));
  return rows.map((row) => `${row.name.padEnd(wide)}  ${cell(row)}`).join('\n');
}

function cell(row: Row): string {
  if (!('verified' in row)) return String(row.value);
  const verdict = row.verified
    ? styleText('green', 'yes', { stream: process.stdout })
    : styleText('red', 'NO', { stream: process.stdout });
  return row.detail === '' ? verdict : `${verdict}  ${row.detail}`;
}
