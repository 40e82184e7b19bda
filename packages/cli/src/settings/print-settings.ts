/** `choir serve --print-config`: every setting, its value, and where that is from. */
import type { Output } from '../output/output.ts';
import { printable } from '../output/printable.ts';
import type { Setting } from './settings.ts';

export function printSettings(list: readonly Setting[], output: Output): void {
  const nameWidth = Math.max(...list.map(({ name }) => name.length));
  const valueWidth = Math.max(...list.map((each) => shown(each).length));
  for (const each of list) {
    const { name, value, from, where } = each;
    const place = from === 'default' ? 'default' : printable(where ?? '');
    const line = `${name.padEnd(nameWidth)}  ${shown(each).padEnd(valueWidth)}  ${place}`;
    output.result({ type: 'setting', name, value, from, where }, line);
  }
}

function shown({ value }: Setting): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return '(none)';
  return printable(Array.isArray(value) ? value.join(', ') : String(value));
}
