/** Long messages from pieces, and how much is held for one who sends pieces without end. */
import { expect, test } from 'vitest';
import { type Part, type ProcessorId, processorId } from '../../src/index.ts';
import { Assembly } from '../../src/romp/assembly.ts';

const source = processorId(1, 1);
const datagramBytes = 60_000;
const messageBytesMax = 16 * 1024 * 1024;
const piecesMax = 65_536;

/** A piece of so many bytes, as a view of a datagram that a socket of Node.js has received. */
function piece(
  bytes: number,
  { first = false, last = false, datagram = datagramBytes } = {},
): Part {
  const view = Buffer.alloc(datagram)
    .subarray(datagram - bytes)
    .fill(bytes);
  return { first, last, restart: false, request: null, bytes: view };
}

function piecesOf(assembly: Assembly, of: ProcessorId): readonly Uint8Array[] {
  return assembly.incomplete(of)?.pieces ?? [];
}

function heldBytes(assembly: Assembly): number {
  return piecesOf(assembly, source).reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}

test('a message is what its pieces were, short ones and those that fill a datagram', () => {
  const assembly = new Assembly();
  expect(assembly.take(source, piece(3, { first: true }))).toBeNull();
  expect(assembly.take(source, piece(200, { datagram: 240 }))).toBeNull();
  const whole = assembly.take(source, piece(2, { last: true }));
  const expected = [...Array(3).fill(3), ...Array(200).fill(200), 2, 2];
  expect([...(whole?.bytes ?? [])]).toEqual(expected);
  expect(assembly.incomplete(source)).toBeNull();
});

test('short pieces do not hold the datagrams in which they came', () => {
  const assembly = new Assembly();
  assembly.take(source, piece(10, { first: true }));
  for (let count = 1; count < 1_000; count += 1) assembly.take(source, piece(10));
  expect(piecesOf(assembly, source)).toHaveLength(1_000);
  expect(heldBytes(assembly)).toBeLessThanOrEqual(2 * 1_000 * 10);
});

test('a piece that is half of its datagram, or more, is not copied', () => {
  const assembly = new Assembly();
  const half = piece(700, { first: true, datagram: 1_400 });
  const less = piece(699, { datagram: 1_400 });
  assembly.take(source, half);
  assembly.take(source, less);
  const [first, second] = piecesOf(assembly, source);
  expect(first?.buffer).toBe(half.bytes.buffer);
  expect([...(second ?? [])]).toEqual([...less.bytes]);
  expect(second?.buffer.byteLength).toBe(699);
});

test('who sends more than a message can have is held nothing of', () => {
  const assembly = new Assembly();
  const bytes = datagramBytes / 2;
  let most = 0;
  assembly.take(source, piece(bytes, { first: true }));
  while (assembly.oversize === 0) {
    most = Math.max(most, heldBytes(assembly));
    assembly.take(source, piece(bytes));
  }
  expect(most).toBeGreaterThan(messageBytesMax);
  expect(most).toBeLessThanOrEqual(2 * messageBytesMax);
  expect(assembly.incomplete(source)).toBeNull();
  expect(assembly.take(source, piece(1, { last: true }))).toBeNull();
});

test(`a message has at most ${piecesMax} pieces`, () => {
  const assembly = new Assembly();
  const one = piece(1, { datagram: 1_000 });
  assembly.take(source, { ...one, first: true });
  for (let count = 1; count < piecesMax; count += 1) assembly.take(source, one);
  expect(heldBytes(assembly)).toBe(piecesMax);
  assembly.take(source, one);
  expect([assembly.oversize, assembly.incomplete(source)]).toEqual([1, null]);
});
