import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { newDecipher } from '../../src/envelope/ciphers.ts';
import { KeyRing } from '../../src/envelope/key-ring.ts';
import { kinds } from '../../src/envelope/layout.ts';
import { Transmission } from '../../src/envelope/transmission.ts';
import { unseal } from '../../src/envelope/unseal.ts';

const page = readFileSync(
  new URL('../../../../docs/protocol/ftmp-envelope.md', import.meta.url),
  'utf8',
);

/** The bytes that the worked example of the page gives a name. */
function example(name: string): Buffer {
  const found = new RegExp(`^${name}: +([0-9a-f ]+)$`, 'm').exec(page)?.[1];
  if (found === undefined) throw new Error(`the page has no ${name}`);
  return Buffer.from(found.replaceAll(/\s/g, ''), 'hex');
}

test('the worked example is what is sent, and is opened', () => {
  const ring = new KeyRing([{ id: 1, key: example('cluster key') }]);
  const transmitter = example('transmitter');
  expect(ring.derive(1, transmitter)?.export()).toEqual(example('derived key'));
  const transmission = new Transmission(transmitter, ring, () => 0);
  const message = example('message');
  const datagram = transmission.seal(kinds.data, message);
  expect(datagram.toString('hex')).toBe(example('datagram').toString('hex'));
  const key = ring.derive(1, transmitter);
  expect(key === undefined ? null : unseal(datagram, newDecipher(1, key))).toEqual(message);
});
