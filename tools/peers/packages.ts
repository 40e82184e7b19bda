// Debian packages that tests and benchmarks drive, found or installed.
//
// What is missing is installed where that surprises nobody (as root, or in CI), else the line that
// installs it is printed, and what needs it is skipped. In CI it must not be: there the exit code tells.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type Need = {
  /** Of Debian. */
  readonly package: string;
  /** Any one of these commands does. */
  readonly commands?: readonly string[];
  /** Absolute; any one of these files does. */
  readonly files?: readonly string[];
};

export type Peer = {
  readonly name: string;
  /** What cannot be done without it, in the plural. */
  readonly serves: string;
  readonly needs: readonly Need[];
};

type Machine = {
  readonly path: string;
  readonly isRoot: boolean;
  readonly isCi: boolean;
};

/** What has to be done: nothing, commands to run, or a line to print. */
export function planFor(
  { needs }: Peer,
  { path, isRoot, isCi }: Machine,
): 'ready' | 'advise' | readonly string[][] {
  const missing = missingOf(needs, path);
  if (missing.length === 0) return 'ready';
  if (!isRoot && !isCi) return 'advise';
  // Some packages ask a question of whoever installs them; here nobody answers.
  const quiet = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  const asRoot = isRoot ? quiet : ['sudo', '--non-interactive', ...quiet];
  return [
    [...asRoot, 'apt-get', 'update'],
    [...asRoot, ...installOf(missing)],
  ];
}

/** Makes the peer ready, or says what would. Sets the exit code in CI when it cannot be had. */
export function prepare(peer: Peer): void {
  // Where Debian keeps the tools of administrators, which is not in everybody's path.
  const path = [process.env['PATH'] ?? '', '/usr/sbin', '/sbin'].join(delimiter);
  const isCi = process.env['CI'] === 'true';
  const plan = planFor(peer, { path, isRoot: process.getuid?.() === 0, isCi });
  if (plan === 'ready') return;
  if (plan === 'advise') {
    console.log(`No ${peer.name}: ${peer.serves} are skipped. To run them, first:`);
    console.log(`  sudo ${installOf(missingOf(peer.needs, path)).join(' ')}`);
    return;
  }
  for (const [command = '', ...args] of plan) {
    console.log(`No ${peer.name} yet: ${command} ${args.join(' ')}`);
    spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  if (missingOf(peer.needs, path).length === 0) return;
  console.log(`${peer.name} could not be installed: ${peer.serves} cannot run.`);
  if (isCi) process.exitCode = 1;
}

function installOf(missing: readonly string[]): string[] {
  return ['apt-get', 'install', '--yes', '--no-install-recommends', ...missing];
}

function missingOf(needs: readonly Need[], path: string): readonly string[] {
  return needs.filter((need) => !isThere(need, path)).map((need) => need.package);
}

function isThere({ commands = [], files = [] }: Need, path: string): boolean {
  const candidates = commands.flatMap((name) =>
    path.split(delimiter).map((dir) => join(dir, name)),
  );
  return candidates.some(canRun) || files.some((file) => existsSync(file));
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
