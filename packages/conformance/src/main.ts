// node packages/conformance/src/main.ts --server ws://HOST:PORT [--token TOKEN] [--clause ID…] [--json]
//
// Checks a server against docs/protocol/client-server.md and tells the result clause by clause. It makes
// groups and clients of its own names, and leaves them behind. The exit code is 1 when a clause failed.

import { parseArgs } from 'node:util';
import { clauses } from './clauses.ts';
import { byClause, lineOf } from './report.ts';
import { runCases } from './run.ts';
import { notChecked, serverCases } from './server/index.ts';

const usage = `Usage: npm run conformance -- --server ws://HOST:PORT [OPTION…]

  --server URL      the server to check
  --token TOKEN     for a server that asks for credentials: a token that grants everything
  --clause ID       only this clause; may be given several times
  --patience MS     how long an answer may take (default 10000)
  --json            a JSON object per clause`;

const { values } = parseArgs({
  options: {
    server: { type: 'string' },
    token: { type: 'string' },
    clause: { type: 'string', multiple: true, default: [] },
    patience: { type: 'string', default: '10000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const known = clauses();
const unknown = values.clause.filter((id) => !known.some((each) => each.id === id));
if (values.help) console.log(usage);
else if (values.server === undefined || unknown.length > 0) {
  const what = unknown.length > 0 ? `There is no clause ${unknown.join(', ')}.\n` : '';
  console.error(`${what}${usage}`);
  process.exitCode = 2;
} else await check(values.server);

async function check(url: string): Promise<void> {
  const isWanted = (id: string) => values.clause.length === 0 || values.clause.includes(id);
  const cases = serverCases.filter((each) => each.clauses.some(isWanted));
  const server = { url, token: values.token ?? null, patienceMs: Number(values.patience) };
  const results = await runCases(server, cases, ({ verdict }) => {
    if (!values.json && process.stderr.isTTY)
      process.stderr.write(verdict === 'failed' ? 'F' : '.');
  });
  if (!values.json && process.stderr.isTTY) process.stderr.write('\n');
  const reports = byClause(known, results, notChecked).filter(({ clause }) => isWanted(clause.id));
  for (const each of reports) {
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
