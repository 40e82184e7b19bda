/**
 * Who of this machine is at a group: for each process a file that it holds a claim on, named by its address and its standing, and the rendezvous,
 * which one of them holds. The name has a token, too: an address comes again, and who removes the file of a dead process must not find another's.
 *
 * P1 Who finds the rendezvous free, and nobody alive who is a member or may be one by now, makes the group: nobody else does while it lives.
 * P2 A file is counted only while its process lives; whoever finds one of the dead removes it.
 * P4 Whoever goes and finds nobody else removes the folder: first the rendezvous, which it holds, then the folder, which works while nothing is in it.
 *    Whoever lets the rendezvous go looks once more: others could not take it meanwhile.
 *    Whoever comes meanwhile makes both again, and what it has opened and not claimed by then it does not take for the rendezvous.
 * P5 Whoever is there makes its files young again now and then (`refresh`): folders for temporary files are cleaned of what is old.
 */

import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { GroupId } from '@choir/ftmp';
import { Claim } from './claim.ts';

const standings = ['joining', 'asking', 'member'] as const;
/**
 * `asking`: it has asked a member, and may be one itself at any moment; `joining`: it has asked none. Who makes the group is a member from the start, and
 * who is removed asks to be let in again.
 */
export type Standing = (typeof standings)[number];

export type Attendant = { readonly address: string; readonly standing: Standing };

const pattern = /^(.+)\.[0-9a-f]{8}\.([a-z]+)$/;
/** Of files that nobody counts yet: those of processes that come, or were killed then. */
const hiddenPattern = /^\..+\.[0-9a-f]{8}$/;
/** So often the directory is read again when a file of it had another name a moment later. */
const readingsMax = 16;
/** So often the folder is made again. */
const makingsMax = 16;
/** So often a process that goes tries to remove the folder. */
const removalsMax = 16;
/** So often a name is made for a file that somebody else looks at. */
const namingsMax = 16;
const cannotOpen = 14;

export class Attendance {
  readonly #directory: string;
  readonly #meeting: string;
  #rendezvous: Claim | null = null;
  #own: { readonly claim: Claim; path: string; readonly address: string } | null = null;

  /** @param runtimeDirectory an absolute path: the process may go on in another working directory */
  constructor(runtimeDirectory: string, group: GroupId) {
    this.#directory = join(runtimeDirectory, 'groups', String(group));
    this.#meeting = join(this.#directory, 'rendezvous');
    this.#inFolder(() => this.#makeFolder());
  }

  /** The others who live. */
  others(): readonly Attendant[] {
    for (let readings = 1; ; readings += 1) {
      const others = this.#read(readings === readingsMax);
      if (others !== null) return others;
    }
  }

  /** P1: whether this process is to make the group. From then on it holds the rendezvous. */
  isFirst(): boolean {
    this.#rendezvous ??= this.#inFolder(() => Claim.take(this.#meeting));
    return (
      this.#rendezvous !== null && this.others().every(({ standing }) => standing === 'joining')
    );
  }

  /** This process is at the group, with this address. */
  enter(address: string, standing: Standing): void {
    this.#leave();
    for (let namings = 0; namings < namingsMax; namings += 1) {
      const name = `${address.replace(':', '_')}.${randomBytes(4).toString('hex')}`;
      if (this.#inFolder(() => this.#claim(address, name, standing))) return;
    }
    throw new Error(`Another process claims the address ${address}.`);
  }

  /** False when somebody who removes the folder looked whether its owner lives, before the claim. */
  #claim(address: string, name: string, standing: Standing): boolean {
    // Claimed under a name that nobody counts: nobody takes it for one of the dead.
    const hidden = join(this.#directory, `.${name}`);
    const claim = Claim.take(hidden);
    if (claim === null) return false;
    this.#own = { claim, path: hidden, address };
    this.#rename(join(this.#directory, `${name}.${standing}`));
    return true;
  }

  /** Its standing is another one from now on; of who has not entered there is none. */
  stand(standing: Standing): void {
    if (this.#own === null) return;
    this.#rename(this.#own.path.replace(/[a-z]+$/, standing));
  }

  /** P5. @throws Error when one of its files is not there any more: who comes next does not know of this process */
  refresh(): void {
    const now = new Date();
    for (const path of [this.#directory, this.#meeting, this.#own?.path]) {
      if (path !== undefined) utimesSync(path, now, now);
    }
  }

  close(): void {
    this.#leave();
    for (let removals = 0; removals < removalsMax; removals += 1) {
      this.#removeFolder();
      if (this.#rendezvous === null) return;
      this.#rendezvous.release();
      this.#rendezvous = null;
      // Who went meanwhile found the rendezvous held by this process, and has left the folder to it.
      if (!this.#isDeserted()) return;
    }
  }

  #leave(): void {
    if (this.#own === null) return;
    const { path, claim } = this.#own;
    this.#own = null;
    try {
      rmSync(path, { force: true });
    } catch {
      // Nobody counts it without its claim, and whoever finds it removes it.
    }
    claim.release();
  }

  #rename(path: string): void {
    if (this.#own === null) return;
    renameSync(this.#own.path, path);
    this.#own.path = path;
  }

  /** P4 */
  #removeFolder(): void {
    try {
      this.#rendezvous ??= Claim.take(this.#meeting);
      if (this.#rendezvous === null || this.others().length > 0) return;
      for (const name of readdirSync(this.#directory)) {
        if (hiddenPattern.test(name)) this.#life(name);
      }
      rmSync(this.#meeting);
      rmdirSync(this.#directory);
    } catch {
      // Somebody has come or gone meanwhile, or it cannot be removed: it is left to whoever goes next.
    }
  }

  /** Whether the folder is there, and nobody's file in it. */
  #isDeserted(): boolean {
    try {
      return !readdirSync(this.#directory).some((name) => pattern.test(name));
    } catch {
      return false;
    }
  }

  #makeFolder(): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
  }

  /** P4: does it in the folder, which is made again when somebody has removed it. */
  #inFolder<Outcome>(act: () => Outcome): Outcome {
    for (let makings = 0; ; makings += 1) {
      try {
        if (makings > 0) this.#makeFolder();
        return act();
      } catch (error) {
        const { code, errcode } = error as NodeJS.ErrnoException & { readonly errcode?: number };
        const isGone = code === 'ENOENT' || errcode === cannotOpen;
        if (!isGone || makings === makingsMax) throw error;
      }
    }
  }

  /** Null when a file is not there any more: it may be there under another name, that of a member. */
  #read(isLast: boolean): readonly Attendant[] | null {
    const others: Attendant[] = [];
    for (const name of this.#inFolder(() => readdirSync(this.#directory))) {
      const [, file = '', state] = pattern.exec(name) ?? [];
      const address = file.replace('_', ':');
      const standing = standings.find((one) => one === state);
      if (standing === undefined || address === this.#own?.address) continue;
      const life = this.#life(name);
      if (life === 'gone' && !isLast) return null;
      if (life === 'alive') others.push({ address, standing });
    }
    return others;
  }

  #life(name: string): 'alive' | 'dead' | 'gone' {
    const path = join(this.#directory, name);
    const claim = Claim.takeExisting(path);
    if (claim === null) return 'alive';
    if (claim === 'gone') return 'gone';
    try {
      rmSync(path, { force: true });
    } finally {
      // Else it would seem to live.
      claim.release();
    }
    return 'dead';
  }
}
