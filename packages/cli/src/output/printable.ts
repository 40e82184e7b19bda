/**
 * Data of others on a terminal. What could move the cursor, change colours, reverse the writing or
 * pretend to be another line is shown as an escape.
 */
import { textOf } from '@choir/bytes';

const controls = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
const bytesShown = 24;

/** One line without control characters. */
export function printable(text: string): string {
  return text.replace(controls, (character) => {
    if (character === '\t') return '\\t';
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** A payload: its text in one line, or its first bytes when it is none. */
export function printableData(data: Uint8Array): string {
  const text = textOf(data);
  if (text !== null) return printable(text);
  const shown = Buffer.from(data.subarray(0, bytesShown)).toString('hex');
  const hex = shown.replace(/..(?=.)/g, '$& ');
  return `<${data.length} bytes: ${hex}${data.length > bytesShown ? ' …' : ''}>`;
}
