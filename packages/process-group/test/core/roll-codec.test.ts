import { processorId } from '@choir/ftmp';
import { expect, test } from 'vitest';
import { foundedBy, type Roll } from '../../src/core/roll.ts';
import { decodeRoll, encodeRoll } from '../../src/core/roll-codec.ts';

const [ann, bob, eve] = [processorId(1, 7), processorId(2, 7), processorId(3, 7)];
const name = 'orchestra';
const view = { timestamp: 1, processor: ann };

/** Ann, bob, who both hold the state, and eve, who lacks it. */
function rollOf(): Roll {
  const roll = foundedBy({ id: ann, label: 'ann' }, name);
  for (const [id, label] of [
    [bob, 'bob'],
    [eve, 'eve'],
  ] as const) {
    roll.hello(id, { kind: 'hello', version: 1, view, name, label, observes: false });
    roll.join([id], ann);
  }
  roll.held(bob);
  return roll;
}

test('R1 a joiner has the roll of the others, with what was found of providers', () => {
  const roll = rollOf();
  roll.silent(eve, ann);
  for (const found of ['silent', 'unable']) {
    const joined = decodeRoll(encodeRoll(roll));
    expect(joined?.record, found).toEqual(roll.record);
    expect(joined?.providerOf(eve), found).toBe(found === 'silent' ? bob : ann);
    roll.unable(eve, bob);
  }
});
