import { canMakeNamespaces, makeNamespaces } from '@choir/testkit/node';
import { expect, onTestFinished, test } from 'vitest';
import { measureTransfer } from '../../src/transfer/work.ts';

const possible = canMakeNamespaces();
if (!possible.can) console.log(`Skipped: a state transfer of the benchmarks (${possible.why}).`);

test.skipIf(!possible.can)(
  'a joiner gets the state under load, and ends with the order of the others',
  { timeout: 60_000 },
  async () => {
    const network = await makeNamespaces({ hosts: 3 });
    onTestFinished(() => network.remove());
    const values = await measureTransfer(
      { network, seconds: 1, encrypted: true },
      { stateBytes: 4 * 1024 ** 2, ratePerSecond: 200, warmUpSeconds: 0 },
    );
    expect([...values.values()].every((value) => value > 0)).toBe(true);
  },
);
