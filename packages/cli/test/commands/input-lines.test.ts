import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { inputLines } from '../../src/commands/input-lines.ts';

async function linesOf(chunks: readonly string[], bytesMax = 5) {
  const tooLong: number[] = [];
  const limit = { bytesMax, onTooLong: (number: number) => void tooLong.push(number) };
  const lines: string[] = [];
  for await (const line of inputLines(
    Readable.from(chunks.map((text) => Buffer.from(text))),
    limit,
  )) {
    lines.push(Buffer.from(line).toString());
  }
  return { lines, tooLong };
}

test('lines are the same wherever the stream was cut', async () => {
  const text = 'one\r\n\n\rtwo\n5bytes';
  const lines = ['one', '', '\rtwo', '5bytes'];
  expect(await linesOf([text], 6)).toEqual({ lines, tooLong: [] });
  expect(await linesOf([...text], 6)).toEqual({ lines, tooLong: [] });
  expect(await linesOf(['last\n'])).toEqual({ lines: ['last'], tooLong: [] });
  expect(await linesOf([])).toEqual({ lines: [], tooLong: [] });
});

test('a line that is too long is passed over and named; those around it are taken', async () => {
  const text = 'first\n6 bytes\nthree\r\nfour\n123456\r\nlonger than that';
  const found = { lines: ['first', 'three', 'four'], tooLong: [2, 5, 6] };
  expect(await linesOf([text])).toEqual(found);
  expect(await linesOf([...text])).toEqual(found);
});

test('a long line takes as much time as it has bytes', { timeout: 20_000 }, async () => {
  const chunk = Buffer.alloc(65_536, 'z');
  function* chunks() {
    for (let n = 0; n < 4_000; n += 1) yield chunk;
    yield Buffer.from('\nshort\n');
  }
  const lengths: number[] = [];
  for await (const line of inputLines(Readable.from(chunks()))) lengths.push(line.length);
  expect(lengths).toEqual([4_000 * 65_536, 5]);
});
