import { expect, test } from 'vitest';
import { printable, printableData } from '../../src/output/printable.ts';

test('text without controls is shown as it is', () => {
  expect(printable('Grüße, 世界 👋')).toBe('Grüße, 世界 👋');
});

test.each([
  ['\u001b[31mred', '\\x1b[31mred'],
  ['a\nb\r\tc', 'a\\nb\\r\\tc'],
  ['\u0000\u007f\u0085', '\\x00\\x7f\\x85'],
  ['\u202eevil', '\\u202eevil'],
  ['a\u2028b\u200bc\ufeff', 'a\\u2028b\\u200bc\\ufeff'],
  ['\ud800', '\\ud800'],
])('what a terminal would obey is shown as an escape: %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('data that is no text is shown by its first bytes', () => {
  expect(printableData(Uint8Array.of(0xff, 0x00, 0x10))).toBe('<3 bytes: ff 00 10>');
  expect(printableData(new Uint8Array(100).fill(0xfe))).toMatch(/^<100 bytes: fe( fe){23} …>$/);
});
