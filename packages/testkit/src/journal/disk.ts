/**
 * A simulated disk with one journal on it: what outlives processes, and what is wrong with it.
 *
 * Boundary: holds contents and faults; `SimulatedJournal` is one process's use of it.
 */
import type { Fault } from '../fault-plan.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { JournalContents } from './contents.ts';

export type DiskTimes = {
  readonly openMs: number;
  readonly readMs: number;
  /** Writing a batch, before its sync, besides what `bytesPerMs` costs. */
  readonly writeMs: number;
  /** Mean of the sync's time, half of it fixed. */
  readonly syncMs: number;
  readonly bytesPerMs: number;
};

export const defaultDiskTimes: DiskTimes = {
  openMs: 20,
  readMs: 0.2,
  writeMs: 0.05,
  syncMs: 0.8,
  bytesPerMs: 100_000,
};

/** How a process ended, as far as its disk can tell. */
export type Loss =
  /** The page cache survives: all that was written is there, also what was not synced. */
  | 'process'
  /** Of what was not synced any prefix is there, in whole requests. */
  | 'power';

export type DiskFailure = 'DISK_FULL' | 'DISK_ERROR';

export class SimulatedDisk {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly contents = new JournalContents();
  times: DiskTimes;
  /** True between an orderly close and the next opening. */
  clean = false;
  /** A process has it open. */
  inUse = false;
  /** Work in progress, to tell a fault that bites from one that does not. */
  busy = false;
  #failure: DiskFailure | null = null;
  #damagedAt: number | null = null;
  #slowness = 1;

  constructor(scheduler: Scheduler, random: Random, times: DiskTimes = defaultDiskTimes) {
    this.scheduler = scheduler;
    this.random = random;
    this.times = times;
  }

  get failure(): DiskFailure | null {
    return this.#failure;
  }

  /** The first position whose stored bytes are bad; null when all are good. */
  get damagedAt(): number | null {
    return this.#damagedAt;
  }

  /** From now on commits fail, until `repair`. */
  fail(how: DiskFailure): void {
    this.#failure = how;
  }

  repair(): void {
    this.#failure = null;
    this.#damagedAt = null;
  }

  /** Everything takes so many times longer. */
  slow(factor: number): void {
    this.#slowness = factor;
  }

  /** Bits of a stored entry flip: the next opening refuses and names it (J5). */
  damage(seq: number): void {
    this.#damagedAt = Math.min(seq, this.#damagedAt ?? seq);
  }

  writeMs(bytes: number): number {
    return this.#slowness * (this.times.writeMs + bytes / this.times.bytesPerMs);
  }

  syncMs(): number {
    const { syncMs } = this.times;
    return this.#slowness * (syncMs / 2 + this.random.exponential(syncMs / 2));
  }

  readMs(): number {
    return this.#slowness * this.times.readMs;
  }

  openMs(): number {
    return this.#slowness * this.times.openMs;
  }
}

export const diskFaultNames = ['disk-full', 'disk-error', 'disk-slow'] as const;
export type DiskFaultName = (typeof diskFaultNames)[number];

export type DiskFaultOptions = {
  readonly weights: Readonly<Record<DiskFaultName, number>>;
  readonly lastMs: readonly [number, number];
};

/** The faults of disks, for a fault plan. The disks are looked up at each strike. */
export function diskFaults(
  disks: () => ReadonlyMap<string, SimulatedDisk>,
  options: DiskFaultOptions,
): Fault[] {
  return diskFaultNames.map((name) => ({
    name,
    weight: options.weights[name],
    strike: (random) => {
      const all = [...disks()];
      if (all.length === 0) return null;
      const [hit, disk] = random.pick(all);
      const [shortest, longest] = options.lastMs;
      const afterMs = shortest * (longest / shortest) ** random.unit();
      const bit = disk.inUse;
      if (name === 'disk-slow') {
        disk.slow(random.int(5, 200));
        return { hit, bit, heal: { afterMs, act: () => disk.slow(1) } };
      }
      disk.fail(name === 'disk-full' ? 'DISK_FULL' : 'DISK_ERROR');
      return { hit, bit, heal: { afterMs, act: () => disk.repair() } };
    },
  }));
}
