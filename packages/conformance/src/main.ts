// node packages/conformance/src/main.ts --server ws://HOST:PORT | --client COMMAND [OPTION…]
//
// Checks a server or a client against docs/protocol/client-server.md and tells the result clause by
// clause. On a server it makes groups and clients of its own names, and leaves them behind. The exit code
// is 1 when a clause failed.

import { parseArgs } from 'node:util';
import type { Case } from './case.ts';
import { clauses } from './clauses.ts';
import { clientCases } from './client/cases.ts';
import { runClientCases } from './client/run.ts';
import { byClause, lineOf } from './report.ts';
import { type Result, runCases } from './run.ts';
import { notChecked, serverCases } from './server/index.ts';

const usage = `Usage: npm run conformance -- --server ws://HOST:PORT | --client COMMAND [OPTION…]

  --server URL      the server to check
  --client COMMAND  the client to check: a program under orders, see docs/protocol/conformance.md
  --token TOKEN     for a server that asks for credentials: a token that grants everything
  --clause ID       only this clause; may be given several times
  --patience MS     how long an answer may take (default 10000)
  --json            a JSON object per clause`;

const { values } = parseArgs({
  options: {
    server: { type: 'string' },
    client: { type: 'string' },
    token: { type: 'string' },
    clause: { type: 'string', multiple: true, default: [] },
    patience: { type: 'string', default: '10000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const known = clauses();
const unknown = values.clause.filter((id) => !known.some((each) => each.id === id));
const isWanted = (id: string) => values.clause.length === 0 || values.clause.includes(id);
const both = values.server !== undefined && values.client !== undefined;
const patienceMs = Number(values.patience);
const one = values.server === undefined ? values.client : values.server;
if (values.help) console.log(usage);
else if (one === undefined || both || unknown.length > 0 || !(patienceMs > 0)) {
  const what = unknown.length > 0 ? `There is no clause ${unknown.join(', ')}.\n` : '';
  console.error(`${what}${usage}`);
  process.exitCode = 2;
} else await check(one);

function judge(subject: string): Promise<readonly Result[]> {
  const wanted = <C extends Pick<Case, 'clauses'>>(cases: readonly C[]) =>
    cases.filter((each) => each.clauses.some(isWanted));
  if (values.client !== undefined) {
    return runClientCases({ command: subject, patienceMs }, wanted(clientCases), showProgress);
  }
  const server = { url: subject, token: values.token ?? null, patienceMs };
  return runCases(server, wanted(serverCases), showProgress);
}

function showProgress({ verdict }: Result): void {
  if (!values.json && process.stderr.isTTY) process.stderr.write(verdict === 'failed' ? 'F' : '.');
}

async function check(subject: string): Promise<void> {
  const results = await judge(subject);
  if (!values.json && process.stderr.isTTY) process.stderr.write('\n');
  const reasons = values.client === undefined ? notChecked : {};
  const reports = byClause(known, results, reasons).filter(({ clause }) => isWanted(clause.id));
  for (const each of reports) {
    if (values.client !== undefined && each.why !== null) continue;
    if (!values.json) console.log(lineOf(each));
    else {
      const { clause, passed, failed, why } = each;
      const failures = failed.map((one) => ({
        case: one.case.title,
        rendering: one.rendering,
        why: one.why,
      }));
      console.log(JSON.stringify({ clause: clause.id, passed, failures, notChecked: why }));
    }
  }
  const failed = reports.filter((each) => each.failed.length > 0);
  const checked = reports.filter(({ why }) => why === null);
  if (!values.json) {
    console.log(`${checked.length} of ${reports.length} clauses checked, ${failed.length} failed`);
  }
  if (failed.length > 0) process.exitCode = 1;
}
