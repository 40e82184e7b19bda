/** Whatever comes: no throw, a code for what is refused, and what is taken has this one rendering (W1, W2). */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  asRetransmission,
  checked,
  decode,
  encode,
  isRefusal,
  type MessageTypeName,
  messageTypes,
} from '../../src/index.ts';
import { messagesOf } from './arbitrary.ts';
import { messageVectors, orders } from './vectors.ts';

const runs = 100_000;
const codes = ['SHORT', 'MAGIC', 'VERSION', 'FLAGS', 'SIZE', 'TYPE', 'SOURCE', 'LIMIT', 'BODY'];

/** Judges one message by the rules above; what became of it. */
function judge(bytes: Uint8Array): string {
  const message = decode(bytes);
  if (isRefusal(message)) {
    if (!codes.includes(message.refused)) throw new Error(`refused as ${message.refused}`);
    return message.refused;
  }
  const first = encode(message.header, message.body);
  const again = message.header.retransmission ? asRetransmission(first) : first;
  if (Buffer.compare(again, bytes) !== 0) {
    throw new Error(`${Buffer.from(bytes).toString('hex')} has two renderings`);
  }
  return 'taken';
}

type Damage = { readonly at: number; readonly drop: number; readonly put: Uint8Array };

const damage: fc.Arbitrary<readonly Damage[]> = fc.array(
  fc.record({
    at: fc.nat(300),
    drop: fc.nat(2),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 3 }),
      fc.constantFrom(Uint8Array.of(0), Uint8Array.of(255), Uint8Array.of(1)),
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

/** Damaged, and perhaps with a size that is right again, so that the body is looked at. */
function damaged(bytes: Uint8Array, places: readonly Damage[], mended: boolean): Uint8Array {
  let damaged = [...bytes];
  for (const { at, drop, put } of places) {
    damaged = damaged.toSpliced(at % (damaged.length + 1), drop, ...put);
  }
  const result = Uint8Array.from(damaged);
  if (mended && result.length >= 36) {
    const isLittle = ((result[6] ?? 0) & 1) !== 0;
    new DataView(result.buffer).setUint32(8, result.length, isLittle);
  }
  return result;
}

const whole = fc
  .oneof(...(Object.keys(messageTypes) as MessageTypeName[]).map(messagesOf))
  .map(({ envelope, body }) => encode(envelope, body));

it(`${runs} random and damaged messages`, { timeout: 120_000 }, () => {
  const outcomes = new Map<string, number>();
  const vectors = messageVectors().flatMap((vector) =>
    orders.map((order) => Uint8Array.from(Buffer.from(vector[order], 'hex'))),
  );
  const samples = fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    {
      weight: 8,
      arbitrary: fc
        .tuple(fc.oneof(whole, fc.constantFrom(...vectors)), damage, fc.boolean())
        .map(([bytes, places, mended]) => damaged(bytes, places, mended)),
    },
    { weight: 1, arbitrary: whole },
  );
  fc.assert(
    fc.property(samples, (bytes) => {
      const outcome = judge(bytes);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }),
    { numRuns: runs },
  );
  // Every code has come, and not only refusals.
  expect([...outcomes.keys()].sort()).toEqual([...codes, 'taken'].sort());
  expect(outcomes.get('taken')).toBeGreaterThan(runs / 20);
});

it('an envelope lets no damaged bit through (E11)', () => {
  fc.assert(
    fc.property(whole, fc.nat(), (message, bit) => {
      const datagram = checked.seal(message);
      const at = bit % (8 * datagram.length);
      datagram[at >> 3] = (datagram[at >> 3] ?? 0) ^ (1 << (at & 7));
      expect(checked.open(datagram)).toBeNull();
    }),
  );
});
