/**
 * Who of this machine is at a group: for each process a file that it holds a claim on, named by its address and by whether it is a member yet,
 * and the rendezvous, which one of them holds.
 *
 * P1 Who finds the rendezvous free, and no member alive, makes the group: nobody else does while it lives.
 * P2 A file is counted only while its process lives; whoever finds one of the dead removes it.
 */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { GroupId } from '@choir/ftmp';
import { Claim } from './claim.ts';

export type Attendant = { readonly address: string; readonly isMember: boolean };

const pattern = /^(.+)\.(joining|member)$/;

export class Attendance {
  readonly #directory: string;
  #rendezvous: Claim | null = null;
  #own: { readonly claim: Claim; path: string; readonly address: string } | null = null;

  constructor(runtimeDirectory: string, group: GroupId) {
    this.#directory = join(runtimeDirectory, 'groups', String(group));
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
  }

  /** The others who live. */
  others(): readonly Attendant[] {
    return readdirSync(this.#directory).flatMap((name) => {
      const [, file = '', state] = pattern.exec(name) ?? [];
      const address = file.replace('_', ':');
      if (state === undefined || address === this.#own?.address) return [];
      if (!this.#lives(name)) return [];
      return [{ address, isMember: state === 'member' }];
    });
  }

  /** P1: whether this process is to make the group. From then on it holds the rendezvous. */
  isFirst(): boolean {
    this.#rendezvous ??= Claim.take(join(this.#directory, 'rendezvous'));
    return this.#rendezvous !== null && !this.others().some(({ isMember }) => isMember);
  }

  /** This process is at the group, with this address, and no member yet. */
  enter(address: string): void {
    this.#leave();
    const name = address.replace(':', '_');
    // Claimed under a name that nobody looks at: nobody takes it for one of the dead.
    const hidden = join(this.#directory, `.${name}`);
    const claim = Claim.take(hidden);
    if (claim === null) throw new Error(`Another process claims the address ${address}.`);
    const path = join(this.#directory, `${name}.joining`);
    renameSync(hidden, path);
    this.#own = { claim, path, address };
  }

  joined(): void {
    if (this.#own === null) return;
    const path = this.#own.path.replace(/joining$/, 'member');
    renameSync(this.#own.path, path);
    this.#own.path = path;
  }

  close(): void {
    this.#leave();
    this.#rendezvous?.release();
    this.#rendezvous = null;
  }

  #leave(): void {
    if (this.#own === null) return;
    rmSync(this.#own.path, { force: true });
    this.#own.claim.release();
    this.#own = null;
  }

  #lives(name: string): boolean {
    const path = join(this.#directory, name);
    const claim = Claim.take(path);
    if (claim === null) return true;
    rmSync(path, { force: true });
    claim.release();
    return false;
  }
}
