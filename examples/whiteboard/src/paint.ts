/** Text in colours, with the escape sequences of ECMA-48. */
import { isDrawable } from './board.ts';

/** Of 256 colours: well apart, and seen on a dark ground and on a light one. */
const colours = [33, 160, 34, 172, 133, 37, 98, 205, 100, 208, 27, 64] as const;

const styles = { plain: '', bold: '1;', faint: '2;', inverse: '7;' } as const;
export type Style = keyof typeof styles;

/** In the colour of a label. */
export function painted(text: string, label: string, style: Style = 'plain'): string {
  return `\x1b[${styles[style]}38;5;${colourOf(label)}m${text}\x1b[m`;
}

/** The same on every screen, also when the member comes back. */
export function colourOf(label: string): number {
  const sum = [...label].reduce((hash, one) => (hash * 31 + (one.codePointAt(0) ?? 0)) % 65_521, 7);
  return colours[sum % colours.length] ?? colours[0];
}

/** What others chose, without what a terminal would obey. */
export function clean(text: string): string {
  return [...text].map((one) => (one === ' ' || isDrawable(one) ? one : '?')).join('');
}
