/**
 * The process that is killed: owns a journal and commits without pause, 64 requests in flight, and
 * reports on its standard output, one JSON line each, what it found and what was acknowledged.
 * Arguments: data directory, number of this life.
 */
import { writeSync } from 'node:fs';
import { openJournal } from '../../src/index.ts';
import { commitOfLife } from './life.ts';

const IN_FLIGHT = 64;
/** An owner that nobody kills must not run for ever. */
const REQUESTS_MAX = 20_000;
const STDOUT = 1;

const [directory = '', life = ''] = process.argv.slice(2);

/** Written before going on: what a process has handed to the pipe survives its death. */
function report(line: object): void {
  let rest = Buffer.from(`${JSON.stringify(line)}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(STDOUT, rest));
    } catch (error) {
      // The pipe is full until the other side reads on.
      if ((error as { code?: unknown }).code !== 'EAGAIN') throw error;
    }
  }
}

report({ starting: process.pid });
const result = await openJournal({ directory });
report(result.ok ? { opened: result.opened.head.seq } : result);
if (!result.ok) process.exit(1);

const { journal, opened } = result;
let head = opened.head.seq;
let requests = 0;

function commitNext(): void {
  requests += 1;
  if (requests > REQUESTS_MAX) process.exit(1);
  const commit = commitOfLife(Number(life), head);
  head += commit.entries.length;
  journal.request(commit, (reply) => {
    report(reply.kind === 'committed' ? { acknowledged: reply.head } : reply);
    if (reply.kind === 'committed') commitNext();
  });
}

for (let request = 0; request < IN_FLIGHT; request += 1) commitNext();
