/** What was encoded is decoded as it was, in both byte orders (W2). */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  asRetransmission,
  bodyRecord,
  decode,
  encode,
  isRefusal,
  type MessageTypeName,
  messageTypes,
  processorId,
  services,
} from '../../src/index.ts';
import { messagesOf } from './arbitrary.ts';
import { bodyOf } from './vectors.ts';

const types = Object.keys(messageTypes) as MessageTypeName[];

it.each(types)('%s', (type) => {
  fc.assert(
    fc.property(messagesOf(type), ({ envelope, body }) => {
      const bytes = encode(envelope, body);
      const message = decode(bytes);
      if (isRefusal(message)) throw new Error(`refused: ${message.refused}, ${message.problem}`);
      const { packed, ...header } = message.header;
      expect(header).toEqual({ ...envelope, type, retransmission: false });
      expect(message.body).toEqual(body);
      expect(bodyOf(type, bodyRecord(message.body))).toEqual(body);
    }),
    { numRuns: 500 },
  );
});

it.each(types.filter((type) => services[type].reliable))('%s, sent again (H13)', (type) => {
  fc.assert(
    fc.property(messagesOf(type), ({ envelope, body }) => {
      const bytes = Buffer.from(encode(envelope, body));
      const again = asRetransmission(bytes);
      const message = decode(again);
      if (isRefusal(message)) throw new Error(`refused: ${message.refused}, ${message.problem}`);
      expect(message.header.retransmission).toBe(true);
      expect(message.body).toEqual(body);
      expect(again.map((byte, at) => byte ^ (bytes[at] ?? 0))).toEqual(
        new Uint8Array(bytes.length).fill(2, 6, 7),
      );
    }),
    { numRuns: 100 },
  );
});

it('a message that fits no datagram is not encoded', () => {
  const part = { first: true, last: true, restart: false, request: null };
  const body = (length: number) => ({
    type: 'regular' as const,
    parts: [{ ...part, bytes: new Uint8Array(length) }],
  });
  const counters = { sequence: 1, timestamp: 1, ack: 0 };
  const source = processorId(1, 0);
  const envelope = { order: 'big', source, group: 0 as never, ...counters } as const;
  expect(encode(envelope, body(65_467))).toHaveLength(65_507);
  expect(() => encode(envelope, body(65_468))).toThrow(RangeError);
});
