/**
 * The loss of power, as a file system sees it: the data lies on an ext4 of its own, on a loop device, which is shut
 * down by its ioctl without flushing its journal. What was not synced is gone, as after pulling the plug.
 *
 * Not covered: a disk that lies about its own cache.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Disaster } from './disaster.ts';

const imageBytes = 256 * 1024 * 1024;
/** Node.js has no ioctl. */
const shutdownScript = fileURLToPath(new URL('./shut-down-ext4.py', import.meta.url));

export class Ext4OnLoop {
  readonly directory: string;
  readonly #image: string;

  /** Needs root, mkfs.ext4, loop devices and Python; throws where one is missing. */
  constructor(folder: string) {
    this.directory = join(folder, 'mounted');
    this.#image = join(folder, 'ext4.img');
    mkdirSync(this.directory);
    writeFileSync(this.#image, '');
    truncateSync(this.#image, imageBytes);
    execFileSync('mkfs.ext4', ['-q', '-F', this.#image]);
    this.#mount();
  }

  /** Nothing that is not on the disk by now ever gets there. Every later access fails. */
  losePower(): void {
    execFileSync('python3', [shutdownScript, this.directory]);
  }

  /** The machine comes back: the file system replays its journal. */
  restore(): void {
    execFileSync('umount', [this.directory]);
    this.#mount();
  }

  end(): void {
    execFileSync('umount', ['--lazy', this.directory]);
  }

  #mount(): void {
    execFileSync('mount', ['-o', 'loop', this.#image, this.directory]);
  }
}

/** Why the power cannot be cut on this machine; null when it can. */
export function whyNoPowerLoss(): string | null {
  if (process.getuid?.() !== 0) return 'mounting a file system needs root';
  for (const command of ['mkfs.ext4', 'python3', 'losetup']) {
    if (spawnSync(command, ['--version']).error !== undefined) return `${command} is missing`;
  }
  return spawnSync('losetup', ['--find']).status === 0 ? null : 'there is no free loop device';
}

export function powerLoss(folder: string): Disaster {
  const disk = new Ext4OnLoop(folder);
  const data = join(disk.directory, 'data');
  mkdirSync(data);
  return {
    data,
    async strike(server) {
      disk.losePower();
      server.kill('SIGKILL');
      await server.ended();
      disk.restore();
    },
    end: () => disk.end(),
  };
}
