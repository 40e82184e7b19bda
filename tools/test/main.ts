// npm test [-- PART...]     every part, or the named ones; `check` names all the checks.
//
// The output of a part is shown when it fails. The exit code is not zero when any part failed.

import { join } from 'node:path';
import { type Part, parts } from './parts.ts';
import { prepare } from './prepare.ts';
import { type Outcome, runPart } from './run-part.ts';
import { closingLine, coloured, isFailure, table } from './table.ts';

const root = join(import.meta.dirname, '../..');

function chosen(names: readonly string[]): readonly Part[] {
  if (names.length === 0) return parts;
  const known = ['check', 'test', ...parts.map((part) => part.name)];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`No part is named ${unknown.join(', ')}. Parts: ${known.join(', ')}.`);
    process.exit(2);
  }
  return parts.filter((part) => names.includes(part.name) || names.includes(part.kind));
}

function notReady(part: Part): Outcome {
  return { part, result: 'failed', seconds: 0, note: 'the machine is not ready', output: '' };
}

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interrupted.abort());
}

const selection = chosen(process.argv.slice(2));
const outcomes: Outcome[] = [];
console.log(`Node.js ${process.version}`);
for (const part of selection) {
  if (interrupted.signal.aborted) break;
  const ready = prepare(part, root);
  process.stdout.write(`${part.name} ... `);
  const outcome = ready ? await runPart(part, root, interrupted.signal) : notReady(part);
  outcomes.push(outcome);
  console.log(coloured(outcome));
  if (isFailure(outcome)) console.log(`$ ${part.command.join(' ')}\n${outcome.output}`);
}

console.log(`\n${table(outcomes)}\n`);
console.log(closingLine(outcomes));
if (outcomes.some(isFailure) || outcomes.length < selection.length) process.exitCode = 1;
