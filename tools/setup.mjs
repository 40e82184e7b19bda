// node tools/setup.mjs SCRIPT [ARGUMENT...]
//
// Sets up a fresh clone, then runs SCRIPT. Installs when node_modules is missing or no longer what
// package-lock.json says, and runs SCRIPT on the Node.js that the installation brought.
//
// Plain JavaScript without dependencies: this file runs on the machine's own Node.js, before there is
// anything else.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { become, currentNode, root, tooOld } from '../packages/cli/bin/current-node.mjs';
import { oneAtATime } from './one-at-a-time.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} Entry
 * @param {string} lockFile
 * @returns {Record<string, Entry> | undefined}
 */
function packagesIn(lockFile) {
  const path = join(root, lockFile);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

/** Compares what npm was told to install with its own record of what it did install. */
function installed() {
  const wanted = packagesIn('package-lock.json');
  const found = packagesIn('node_modules/.package-lock.json');
  if (wanted === undefined) throw new Error('package-lock.json is missing from this clone.');
  if (found === undefined) return false;
  return Object.entries(wanted).every(([path, want]) => {
    if (path === '') return true;
    const have = found[path];
    // Optional packages are for other platforms when they are absent.
    if (have === undefined) return want.optional === true || want.devOptional === true;
    return have.version === want.version && have.integrity === want.integrity;
  });
}

function isSetUp() {
  return installed() && currentNode() !== undefined;
}

/** Who has waited for another one finds that it is done. */
function installOnce() {
  if (!isSetUp()) install();
}

/** @param {number} owner */
function tellWait(owner) {
  console.error(`Process ${owner} is installing dependencies: waiting for it ...`);
}

function install() {
  console.error('Installing dependencies (npm ci) ...');
  const npm = process.env['npm_execpath'];
  // Warnings would say that the tools want a newer Node.js: they run on the one installed here.
  const ci = ['ci', '--loglevel=error'];
  const [command, args] = npm === undefined ? ['npm', ci] : [process.execPath, [npm, ...ci]];
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`npm ci failed with exit code ${status}.`);
}

/** The `engines` of the repository: what comes with it is newer, but this Node.js has to fetch it. */
const majorOldest = 20;

function checkMachine() {
  const { node: version } = process.versions;
  if (Number.parseInt(version, 10) >= majorOldest) return;
  throw new Error(
    `Setting up Choir needs Node.js ${majorOldest} or newer, and this is ${version} ` +
      `(${process.execPath}).\nInstall one from https://nodejs.org, or with the machine's own packages.`,
  );
}

try {
  checkMachine();
  if (!isSetUp()) oneAtATime(join(root, '.installing'), installOnce, tellWait);
  const node = currentNode();
  if (node === undefined) throw new Error(tooOld());
  const [script, ...args] = process.argv.slice(2);
  if (script === undefined) throw new Error('usage: node tools/setup.mjs SCRIPT [ARGUMENT...]');
  become(node, [join(root, script), ...args]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
