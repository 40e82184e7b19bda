import { randomBytes } from 'node:crypto';
import { checked } from '@choir/ftmp';
import { expect, test } from 'vitest';
import { OpenGate } from '../../src/envelope/open-gate.ts';

const nowhere = { address: '127.0.0.1', port: 1 };

test('datagrams without protection are those of the protocol, and damage is refused', () => {
  const passed: Uint8Array[] = [];
  const gate = new OpenGate({ pass: (message) => passed.push(message), reply: () => {} });
  for (const length of [0, 1, 36, 1_400, 65_000]) {
    const message = randomBytes(length);
    const datagram = gate.seal(message);
    expect(Buffer.compare(datagram, checked.seal(message))).toBe(0);
    gate.arrive(datagram, nowhere, 0);
    expect(Buffer.compare(passed.at(-1) ?? Buffer.alloc(0), message)).toBe(0);
  }
  const datagram = gate.seal(randomBytes(100));
  datagram[50] = (datagram[50] ?? 0) ^ 1;
  gate.arrive(datagram, nowhere, 0);
  gate.arrive(datagram.subarray(0, 3), nowhere, 0);
  expect([...gate.refused]).toEqual([
    ['damaged', 1],
    ['short', 1],
  ]);
  expect(passed).toHaveLength(5);
});

test('what seems to come from port 0 is refused: it cannot be answered', () => {
  const passed: Uint8Array[] = [];
  const gate = new OpenGate({ pass: (message) => passed.push(message), reply: () => {} });
  gate.arrive(gate.seal(randomBytes(36)), { address: '127.0.0.1', port: 0 }, 0);
  expect([...gate.refused]).toEqual([['port', 1]]);
  expect(passed).toEqual([]);
});
