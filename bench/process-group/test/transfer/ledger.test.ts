import { headBytes, writeHead } from '@choir/bench-namespaces/message-head';
import { processorId } from '@choir/ftmp';
import type { Member } from '@choir/process-group';
import { expect, test } from 'vitest';
import { Ledger } from '../../src/transfer/ledger.ts';

const stateBytes = 2 * 1024 * 1024;

function message(): Uint8Array {
  const bytes = new Uint8Array(headBytes);
  writeHead(new DataView(bytes.buffer), false);
  return bytes;
}

function memberOf(number: number): Member {
  return { id: processorId(number, 1), label: `node ${number}` };
}

test('who takes the state over goes on with the same order', () => {
  const [one, other] = [new Ledger(stateBytes, () => {}), new Ledger(stateBytes, () => {})];
  const [before, after] = [message(), message()];
  one.apply(memberOf(1), before);
  other.restore([...one.snapshot()]);
  for (const ledger of [one, other]) ledger.apply(memberOf(2), after);
  expect(other.tally.order.count).toBe(2);
  expect(other.tally.order.hash).toBe(one.tally.order.hash);
});

test('a state that is not whole is refused', () => {
  const ledger = new Ledger(stateBytes, () => {});
  const [order, ...blocks] = ledger.snapshot();
  expect(() => ledger.restore([...(order ? [order] : []), ...blocks.slice(1)])).toThrow(
    'not whole',
  );
});
