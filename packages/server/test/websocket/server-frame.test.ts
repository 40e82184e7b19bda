import { expect, test } from 'vitest';
import { binaryFrame, textFrame } from '../../src/websocket/server-frame.ts';

/** Reads a frame by RFC 6455, 5.2, with the shortest of the three lengths that will do. */
function read(frame: Buffer): { readonly data: Buffer; readonly isBinary: boolean } {
  const [first, short = 0] = frame;
  const isBinary = first === 0x82;
  if (!isBinary) expect(first).toBe(0x81);
  const [length, start] =
    short === 127
      ? [Number(frame.readBigUInt64BE(2)), 10]
      : short === 126
        ? [frame.readUInt16BE(2), 4]
        : [short, 2];
  expect(start).toBe(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  expect(frame.length).toBe(start + length);
  return { data: frame.subarray(start), isBinary };
}

// The lengths at which the head changes its form, and beyond.
const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 300_000];

test.each(lengths)('a binary frame of %i bytes is read as it was', (length) => {
  const payload = new Uint8Array(length).map((_, index) => index % 251);
  const { data, isBinary } = read(binaryFrame(payload));
  expect(isBinary).toBe(true);
  expect(Buffer.compare(data, payload)).toBe(0);
});

test.each(lengths)('a text frame of %i characters is read as it was', (length) => {
  const text = 'ä'.repeat(length);
  const { data, isBinary } = read(textFrame(text));
  expect(isBinary).toBe(false);
  expect(data.toString()).toBe(text);
});
