// Which Node.js runs Choir, and running a script on it.
//
// Choir's sources are TypeScript that Node.js runs as they are, and its journal is node:sqlite. Both
// are settled in Node.js 26; 24, and 22 from 22.18 on, have them with a warning. `npm ci` brings a
// current Node.js along (the `node` package), so nothing has to be installed on the machine.
//
// Plain JavaScript without dependencies: this file runs on the old Node.js, before any set-up.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

const bundled = fileURLToPath(new URL('../../../node_modules/node/bin/node', import.meta.url));
const quiet = '--disable-warning=ExperimentalWarning';
const majorSettled = 26;

/** What the `engines` of every package say. 23 is left out: it ended before 22 did. */
export const supported = '^22.18.0 || >=24.0.0';

/**
 * Whether a Node.js of this version is one of those.
 *
 * @param {string} version
 */
export function isSupported(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major >= 24 || (major === 22 && minor >= 18);
}

const { node: version } = process.versions;
const major = Number.parseInt(version, 10);

/** Whether the Node.js that runs this file needs no replacement. */
export const isCurrent = major >= majorSettled || process.execArgv.includes(quiet);

/** How to start a current Node.js: the one that `npm ci` brought, else this one when it will do. */
export function currentNode() {
  if (existsSync(bundled)) return { command: bundled, args: [] };
  if (isSupported(version)) return { command: process.execPath, args: [quiet] };
  return undefined;
}

/** What to tell a user for whom `currentNode` found nothing. */
export function tooOld() {
  return [
    `choir needs Node.js 22.18, 24 or newer, and this is ${version} (${process.execPath}).`,
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
