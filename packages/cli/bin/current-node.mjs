// Which Node.js runs Choir, and running a script on it.
//
// Choir's sources are TypeScript that Node.js runs as they are, and its journal is node:sqlite. Both
// are settled in Node.js 26, work in 24 with a warning, and are missing before. `npm ci` brings a
// current Node.js along (the `node` package), so nothing has to be installed on the machine.
//
// Plain JavaScript without dependencies: this file runs on the old Node.js, before any set-up.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

const bundled = fileURLToPath(new URL('../../../node_modules/node/bin/node', import.meta.url));
const quiet = '--disable-warning=ExperimentalWarning';
const majorOldest = 24;
const majorSettled = 26;

const major = Number.parseInt(process.versions.node, 10);

/** Whether the Node.js that runs this file needs no replacement. */
export const isCurrent = major >= majorSettled || process.execArgv.includes(quiet);

/** How to start a current Node.js: the one that `npm ci` brought, else this one when it will do. */
export function currentNode() {
  if (existsSync(bundled)) return { command: bundled, args: [] };
  if (major >= majorOldest) return { command: process.execPath, args: [quiet] };
  return undefined;
}

/** What to tell a user for whom `currentNode` found nothing. */
export function tooOld() {
  return [
    `choir needs Node.js ${majorOldest} or newer, and this is ${process.version}.`,
    `Run "npm ci" in ${root}, which brings a current one along`,
    '(with install scripts allowed: without them it is left out).',
  ].join('\n');
}

/**
 * Runs a script on `node` as if it were this process: same terminal, signals, exit code.
 *
 * @param {{ command: string, args: string[] }} node
 * @param {string[]} args
 */
export function become(node, args) {
  const child = spawn(node.command, [...node.args, ...args], { stdio: 'inherit' });
  // A terminal sends its interrupt to the child as well; anyone else sends it to this process only.
  const interrupted = () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  };
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => child.kill(signal);
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', forward);
  process.on('SIGHUP', forward);
  child.on('error', (error) => {
    console.error(`${node.command} did not start: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', forward);
    process.off('SIGHUP', forward);
    if (signal === null) process.exitCode = code ?? 1;
    else process.kill(process.pid, signal);
  });
}
