/** What a sender packs and cuts is always a message that receivers take, and put together to what was handed over (E1, E2). */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decode, encode, groupId, isRefusal, processorId } from '../../src/index.ts';
import { Assembly } from '../../src/romp/assembly.ts';
import { Outgoing } from '../../src/stack/outgoing.ts';

const connection = { client: { domain: 1, group: 2 }, server: { domain: 3, group: 4 } };
const source = processorId(1, 7);
const envelope = { source, group: groupId(1), sequence: 1, timestamp: 1, ack: 0 };

const messages = fc.array(
  fc.record({
    bytes: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 3_000 })),
    safe: fc.boolean(),
    request: fc.option(fc.record({ connection: fc.constant(connection), number: fc.maxSafeNat() })),
  }),
  { minLength: 1, maxLength: 30 },
);
/** Of datagrams of 576 bytes to 65,507. */
const bodySizes = fc.oneof(fc.integer({ min: 500, max: 1_500 }), fc.constant(65_000));
const orders = fc.constantFrom('big' as const, 'little' as const);

it('whatever is handed over comes out, in order', () => {
  fc.assert(
    fc.property(messages, bodySizes, orders, (given, bodyBytes, order) => {
      const outgoing = new Outgoing({ queueMessages: 100, queueBytes: 1_000_000 });
      const assembly = new Assembly();
      for (const message of given) outgoing.push(message);
      const come: object[] = [];
      for (let packet = outgoing.pack(bodyBytes); packet !== null; ) {
        const { parts, safe } = packet;
        const message = decode(encode({ ...envelope, order, safe }, { type: 'regular', parts }));
        if (isRefusal(message)) throw new Error(`refused: ${message.refused}, ${message.problem}`);
        expect(message.bytes.length).toBeLessThanOrEqual(36 + bodyBytes);
        if (message.body.type !== 'regular') throw new Error('another type');
        for (const part of message.body.parts) {
          const whole = assembly.take(source, part);
          if (whole !== null) {
            come.push({ bytes: whole.bytes, request: whole.request, safe: message.header.safe });
          }
        }
        packet = outgoing.pack(bodyBytes);
      }
      expect(come).toEqual(given);
    }),
  );
});

it('what was void begins anew with a restart that receivers take', () => {
  const outgoing = new Outgoing({ queueMessages: 100, queueBytes: 1_000_000 });
  const long = { bytes: new Uint8Array(2_000).fill(5), safe: false, request: null };
  outgoing.push(long);
  const first = outgoing.pack(900);
  outgoing.restart([]);
  const again = outgoing.pack(900);
  expect(first?.parts[0]).toMatchObject({ first: true, last: false, restart: false });
  expect(again?.parts[0]).toMatchObject({ first: true, last: false, restart: true });
  const bytes = encode(
    { ...envelope, order: 'big' },
    { type: 'regular', parts: again?.parts ?? [] },
  );
  expect(decode(bytes)).toMatchObject({ body: { parts: [{ restart: true }] } });
});
