/** Names among the seeds: who has no address is named, and looked up again. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { Transport } from '../src/index.ts';
import { networkSilence } from '../src/transport/late-joining.ts';
import { type LookUp, lookAgainMs, Seeds } from '../src/transport/seeds.ts';
import { timeout } from './ensemble.ts';

const host = '127.0.0.1';
const nowhere = 'nowhere.invalid:7000';

async function opened(seeds: readonly string[]) {
  const warnings: string[] = [];
  const transport = await Transport.open({
    network: { kind: 'unicast', host, seeds },
    insecure: true,
    onWarning: (text) => void warnings.push(text),
  });
  onTestFinished(() => transport.close());
  return { transport, warnings };
}

test('a group is found by a name among the seeds', { timeout }, async () => {
  const first = await opened([]);
  const ann = await first.transport.join('lobby', { init: true, label: 'ann' });
  const [, port] = first.transport.address.split(':');
  const second = await opened([`localhost:${port}`]);
  const bob = await second.transport.join('lobby', { label: 'bob' });
  expect(bob.members.map(({ label }) => label)).toEqual(['ann', 'bob']);
  expect(ann.name).toBe(bob.name);
  expect(second.warnings).toEqual([]);
});

test('when no seed has an address, it is said of which name', async () => {
  await expect(opened([nowhere])).rejects.toMatchObject({
    code: 'group-option',
    message: expect.stringContaining(nowhere),
  });
});

test('of several seeds, one without an address is warned of, and is not said to be silent', {
  timeout,
}, async () => {
  const { transport, warnings } = await opened(['127.0.0.1:9', nowhere]);
  expect(warnings).toEqual([
    expect.stringMatching(
      /^The seed nowhere\.invalid:7000 has no address \(.+\), and is not asked\. It is looked up again every 5 s while a group is looked for: start its host, or correct the name\.$/,
    ),
  ]);
  const refusal = await transport.join('lobby', { timeoutMs: 300 }).catch(String);
  expect(refusal).toMatch(
    /No member answered at the seed 127\.0\.0\.1:9\. .*The seed nowhere\.invalid:7000 has no address/,
  );
});

test('what is thrown where it is warned keeps no transport from being opened', {
  timeout,
}, async () => {
  const thrown: (() => void)[] = [];
  vi.stubGlobal('queueMicrotask', (act: () => void) => thrown.push(act));
  onTestFinished(() => void vi.unstubAllGlobals());
  const cause = new Error('I have no log.');
  const transport = await Transport.open({
    network: { kind: 'unicast', host, seeds: ['127.0.0.1:9', nowhere] },
    insecure: true,
    onWarning: () => {
      throw cause;
    },
  });
  onTestFinished(() => transport.close());
  expect(thrown).toHaveLength(1);
  for (const act of thrown) expect(act).toThrow(cause);
});

/** Looks names up in a table, which the test changes. */
function table(addresses: Map<string, string>): {
  readonly lookUp: LookUp;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const lookUp: LookUp = async (name, { family }) => {
    asked.push(`${name}/${family}`);
    const address = addresses.get(name);
    if (address === undefined) throw new Error(`no ${name}`);
    return [{ address, family: 4 }];
  };
  return { lookUp, asked };
}

test('who has no address is looked up every 5 s while a group is looked for, and no longer', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const addresses = new Map([['here.example', '192.0.2.7']]);
  const { lookUp, asked } = table(addresses);
  const network = {
    kind: 'unicast',
    host,
    seeds: ['here.example:7000', 'late.example:7000'],
  } as const;
  const seeds = await Seeds.of(network, lookUp);
  expect(seeds.unfound).toEqual([{ seed: 'late.example:7000', why: 'no late.example' }]);
  expect(asked.splice(0)).toEqual(['here.example/4', 'late.example/4']);
  const watch = seeds.watch();
  await vi.advanceTimersByTimeAsync(lookAgainMs);
  expect(asked.splice(0)).toEqual(['late.example/4', 'late.example/4']);
  addresses.set('late.example', '192.0.2.8');
  await vi.advanceTimersByTimeAsync(lookAgainMs);
  expect(seeds.unfound).toEqual([]);
  asked.length = 0;
  addresses.clear();
  watch.stop();
  await vi.advanceTimersByTimeAsync(lookAgainMs);
  expect(asked).toEqual([]);
});

test('a name whose look-up is not over is not looked up once more', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { lookUp, asked } = table(new Map([['here.example', '192.0.2.7']]));
  let isSilent = false;
  const seeds = await Seeds.of(
    { kind: 'unicast', host, seeds: ['here.example:7000', 'late.example:7000'] },
    (name, options) => {
      const looked = lookUp(name, options);
      return isSilent ? new Promise(() => looked.catch(() => {})) : looked;
    },
  );
  isSilent = true;
  asked.length = 0;
  const watch = seeds.watch();
  await vi.advanceTimersByTimeAsync(10 * lookAgainMs);
  watch.stop();
  expect(asked).toEqual(['late.example/4']);
});

test('of a process with an address of version 6 names are looked up in that', async () => {
  const { lookUp, asked } = table(new Map([['here.example', 'fd00::7']]));
  await Seeds.of({ kind: 'unicast', host: '::1', seeds: ['here.example:7000'] }, lookUp);
  expect(asked).toEqual(['here.example/6']);
});

test('addresses, and a network without seeds, need no look-up', async () => {
  const { lookUp, asked } = table(new Map());
  await Seeds.of({ kind: 'unicast', host, seeds: ['192.0.2.7:7000', '[fd00::7]:7000'] }, lookUp);
  await Seeds.of({ kind: 'unicast', host }, lookUp);
  await Seeds.of({ kind: 'multicast', interface: host, address: '239.1.1.1', port: 7 }, lookUp);
  expect(asked).toEqual([]);
});

test('seeds without an address alone are not said to be silent', () => {
  const network = { kind: 'unicast', host, seeds: [nowhere] } as const;
  const text = networkSilence(network, true, [{ seed: nowhere, why: 'ENOTFOUND' }]);
  expect(text).toBe(
    `The seed ${nowhere} has no address (ENOTFOUND). The first member makes the group (init).`,
  );
});

test('opening is given up by a signal, while names are looked up and after', {
  timeout,
}, async () => {
  const network = { kind: 'unicast', host, seeds: [nowhere] } as const;
  const enough = new Error('Never mind.');
  const given = Transport.open({ network, insecure: true }, AbortSignal.abort(enough));
  await expect(given).rejects.toBe(enough);
  const controller = new AbortController();
  const options = { network: { kind: 'unicast', host }, insecure: true } as const;
  const later = Transport.open(options, controller.signal);
  // There is nothing to look up: the thread is being started.
  await Promise.resolve();
  controller.abort(enough);
  await expect(later).rejects.toBe(enough);
});
