import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canMakeNamespaces, makeNamespaces, type Namespaces } from '@choir/testkit/node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { whyNoCorosync } from '../src/peers/corosync/availability.ts';
import { configurationFor } from '../src/peers/corosync/configuration.ts';
import { Corosync } from '../src/peers/corosync/corosync.ts';
import { kill } from '../src/works/failures.ts';
import { latency } from '../src/works/latency.ts';

const possible = canMakeNamespaces();
const why = possible.can ? whyNoCorosync() : possible.why;
if (why !== null) console.log(`Skipped: corosync as a peer (${why}).`);

describe.skipIf(why !== null)('corosync', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'choir-bench-'));
  const corosync = new Corosync();
  let network: Namespaces;

  beforeAll(async () => {
    vi.stubEnv('TMPDIR', folder);
    network = await makeNamespaces({ hosts: 3 });
    await corosync.start(network);
  }, 60_000);
  afterAll(async () => {
    await corosync.stop();
    network?.remove();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('delivers to every node all that three send, in one order', async () => {
    const load = {
      senders: 3,
      payloadBytes: 1_024,
      ratePerSecond: 0,
      seconds: 1,
      warmUpSeconds: 0,
    };
    const reports = await corosync.run(load);
    expect(reports).toHaveLength(3);
    expect(reports.every(({ sent, perSecond }) => sent > 0 && perSecond > 1)).toBe(true);
    expect(new Set(reports.map(({ order }) => order)).size).toBe(1);
  });

  test('keeps to a rate, and delivers in well under a second', async () => {
    const load = { senders: 1, payloadBytes: 64, ratePerSecond: 200, seconds: 1, warmUpSeconds: 1 };
    const [sender] = await corosync.run(load);
    expect(sender?.sent).toBeGreaterThan(150);
    expect(sender?.sent).toBeLessThanOrEqual(400);
    const values = await latency.measure({ system: corosync, network, seconds: 1 });
    expect(values.get('p50')).toBeGreaterThan(0);
    expect(values.get('p50')).toBeLessThan(1_000);
  });

  test('tells the survivors of a killed node, after its timeout; then nothing is left', async () => {
    const values = await kill.measure({ system: corosync, network, seconds: 1 });
    expect(values.get('view')).toBeGreaterThan(3_000);
    await corosync.stop();
    expect(readdirSync(folder)).toEqual([]);
    network.remove();
    expect(network.left()).toEqual([]);
  });
});

test('the configuration names every node, and leaves encryption off', () => {
  const nodes = [1, 2].map((number) => ({ number, address: `10.99.0.${number}` }));
  const text = configurationFor(nodes);
  expect(text).toContain('crypto_cipher: none');
  expect(text).toContain(`nodelist {
  node {
    ring0_addr: 10.99.0.1
    name: n1
    nodeid: 1
  }
  node {
    ring0_addr: 10.99.0.2
    name: n2
    nodeid: 2
  }
}`);
});
