// The names that our namespaces have on the machine: choir-PID-RUN-PLACE. The process that made them is
// part of the name, so that what a killed one left behind can be told from what is in use.

import { readFileSync } from 'node:fs';
import { runCommand } from './run-command.ts';

const ours = /^(choir-(\d+)-\d+)-[a-z0-9]+$/;

/** A prefix for the namespaces of one network that nobody on this machine has. */
export function freshPrefix(): string {
  const taken = new Set(ownNames().map(prefixOf));
  for (let run = 1; ; run += 1) {
    const prefix = `choir-${process.pid}-${run}`;
    if (!taken.has(prefix)) return prefix;
  }
}

/** All namespaces whose names begin with the prefix of a network. */
export function namesWith(prefix: string): readonly string[] {
  return ownNames().filter((name) => prefixOf(name) === prefix);
}

/** Those of processes that ended without removing them, as after kill -9. */
export function abandonedNames(): readonly string[] {
  return ownNames().filter((name) => !lives(Number(ours.exec(name)?.[2])));
}

/** Ends what runs in a namespace, and removes it. Another process may do so at the same time. */
export function removeNamespace(name: string): void {
  try {
    for (const line of runCommand(['ip', 'netns', 'pids', name]).split('\n')) {
      const pid = Number(line);
      if (Number.isInteger(pid) && pid > 1) kill(pid);
    }
    runCommand(['ip', 'netns', 'delete', name]);
  } catch (error) {
    if (ownNames().includes(name)) throw error;
  }
}

function ownNames(): readonly string[] {
  const names = runCommand(['ip', 'netns', 'list']).split('\n').map(firstWord);
  return names.filter((name) => ours.test(name));
}

function prefixOf(name: string): string | undefined {
  return ours.exec(name)?.[1];
}

function firstWord(line: string): string {
  return line.split(' ', 1)[0] ?? '';
}

function lives(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}
