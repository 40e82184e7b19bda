/** What the system says about a process, read from outside it. */
import { readFileSync } from 'node:fs';

/** The kernel's clock ticks, 100 a second on every platform that Node.js runs on. */
const tickMicroseconds = 10_000;
const userTicks = 11;
const systemTicks = 12;

/** Processor time of all its threads so far, user and system. */
export function cpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before may hold anything, spaces too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[userTicks]) + Number(fields[systemTicks])) * tickMicroseconds;
}

export function rssBytes(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? Number.NaN) * 1024;
}

export function rssMb(pid: number): number {
  return rssBytes(pid) / 1e6;
}
