/** The codec and `vectors/ftmp` agree, in both directions. */
import { describe, expect, it } from 'vitest';
import {
  bodyRecord,
  checked,
  decode,
  isRefusal,
  messageTypes,
  processorText,
  wholeCounter,
} from '../../src/index.ts';
import { refusals } from './refusals.ts';
import {
  bodyOf,
  counterVectors,
  datagramVectors,
  encoded,
  fromHex,
  messageVectors,
  orders,
  refusedVectors,
  toHex,
} from './vectors.ts';

describe.each(orders)('messages in %s endian', (order) => {
  it.each(messageVectors())('$name', (vector) => {
    const bytes = fromHex(vector[order]);
    const message = decode(bytes);
    if (isRefusal(message)) throw new Error(`refused: ${message.refused}, ${message.problem}`);
    const { order: found, type, packed, source, ...rest } = message.header;
    expect(found).toBe(order);
    expect(type).toBe(vector.type);
    expect({ ...rest, source: processorText(source) }).toEqual(vector.header);
    expect(bodyRecord(message.body)).toEqual(vector.body);
    expect(message.body).toEqual(bodyOf(vector.type, vector.body));
    expect(toHex(encoded(vector, order))).toBe(vector[order]);
  });
});

it('every type has a vector', () => {
  const types = new Set(messageVectors().map(({ type }) => type));
  expect([...types].sort()).toEqual(Object.keys(messageTypes).sort());
});

describe('what must be refused', () => {
  it.each(refusedVectors())('$clause, $code: $why', ({ code, problem, message }) => {
    expect(decode(fromHex(message))).toEqual({ refused: code, problem });
  });

  it('is made of the messages as they are (else: npm run rewrite -w @choir/ftmp)', () => {
    expect(refusedVectors()).toEqual(refusals());
  });
});

describe('counters (W7)', () => {
  it.each(counterVectors())('$low near $near is $whole', ({ low, near, whole }) => {
    expect(wholeCounter(low, near)).toBe(whole);
  });
});

describe('envelopes (E11)', () => {
  it.each(datagramVectors())('$why', ({ datagram, message }) => {
    const opened = checked.open(fromHex(datagram));
    expect(opened === null ? null : toHex(opened)).toBe(message);
    if (message !== null) expect(toHex(checked.seal(fromHex(message)))).toBe(datagram);
  });
});
