/** Our client and the one in Python keep what clients owe, and clients with faults are found out. */
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { clientCases, type Result, runClientCases } from '../src/index.ts';
import { hasPython, PythonClient } from './clients/python.ts';

function failuresOf(results: readonly Result[]) {
  return results.filter(({ verdict }) => verdict === 'failed');
}

async function failing(command: string, cases = clientCases, patienceMs = 10_000) {
  return failuresOf(await runClientCases({ command, patienceMs }, cases));
}

test('@choir/client passes', { timeout: 120_000 }, async () => {
  const own = fileURLToPath(new URL('clients/own.ts', import.meta.url));
  const failed = await failing(`exec ${process.execPath} ${own}`);
  expect(failed.map(({ case: { title }, why }) => `${title}: ${why}`)).toEqual([]);
});

function python(fault?: readonly [from: string, to: string]): string {
  const client = new PythonClient(fault);
  onTestFinished(() => client.remove());
  return client.command('orders');
}

test.runIf(hasPython)('examples/python passes', { timeout: 120_000 }, async () => {
  const failed = await failing(python());
  expect(failed.map(({ case: { title }, why }) => `${title}: ${why}`)).toEqual([]);
});

const faults: readonly [what: string, clause: string, from: string, to: string][] = [
  [
    'a secret for each connection',
    'S2',
    '"secret": self.secret,',
    '"secret": {"base64": base64.b64encode(os.urandom(32)).decode()},',
  ],
  ['a chain without predecessors', 'M2', 'previous = each[0]', 'pass'],
  ['a resend that leaves out the first', 'M4', 'group.pending[:WINDOW]', 'group.pending[1:WINDOW]'],
  [
    'pending messages that are dropped at a cut',
    'S4',
    'self._resume_chain(message["group"], group.block_mark)',
    'group.pending = []',
  ],
  ['a position that stays behind', 'K2', 'group.after = message["at"]  # K6', 'pass  # K6'],
  [
    'every acknowledgement counted',
    'T3',
    'if any(each[0] == local_id for each in group.pending):\n            group.pending = [',
    'if True:\n            group.pending = [',
  ],
  ['a refusal that moves the mark', 'M5', 'if "at" in message:', 'if True:'],
  ['a window of a thousand', 'M6', 'WINDOW = 256', 'WINDOW = 1000'],
  ['no pings', 'S5', 'self._try_to_say({"kind": "ping"', 'id({"kind": "ping"'],
  ['coming back at once', 'S6', 'time.monotonic() + at_least_s +', 'time.monotonic() +'],
  ['any version taken', 'V6', 'if message["version"] != VERSION:', 'if False:'],
];

test.runIf(hasPython).each(faults)(
  '%s: fails at %s',
  { timeout: 60_000 },
  async (_what, clause, from, to) => {
    const cases = clientCases.filter(({ clauses }) => clauses.includes(clause));
    expect(await failing(python([from, to]), cases, 3_000)).not.toEqual([]);
  },
);
