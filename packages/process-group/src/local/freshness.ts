/** Keeps what a process has in the run-time directory from being cleaned away as old (P5). */
import { utimesSync } from 'node:fs';
import type { ProcessGroup } from '../group/process-group.ts';
import type { Attendance } from './attendance.ts';
import { keyPath } from './runtime-directory.ts';

/** How often files are made young again. What is cleaned away has been left alone for days. */
const refreshMs = 3_600_000;

export type FreshnessOptions = {
  readonly attendance: Attendance;
  /** The run-time directory. */
  readonly directory: string;
  readonly warn: (text: string) => void;
};

/** Looks after the files of a group that was joined, until it is over. */
export function keepFresh(group: ProcessGroup, options: FreshnessOptions): void {
  const timer = setInterval(() => {
    if (isRefreshed(options)) return;
    clearInterval(timer);
    options.warn(lostText(group.name));
  }, refreshMs).unref();
  group.afterwards(async () => clearInterval(timer));
}

/** False when something is not there any more. */
export function isRefreshed({ attendance, directory }: Omit<FreshnessOptions, 'warn'>): boolean {
  const now = new Date();
  try {
    attendance.refresh();
    utimesSync(keyPath(directory), now, now);
    return true;
  } catch {
    return false;
  }
}

function lostText(name: string): string {
  return `What group "${name}" has in the run-time directory was removed, so whoever joins it now makes another group of that name: end all its members on this machine, and start them again.`;
}
