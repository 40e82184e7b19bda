/**
 * Appends to a file, synced in groups: what is asked for while one sync is under way shares the next.
 * A failure is final: after a failed sync nobody knows what the disk holds.
 */
import type { FileHandle } from 'node:fs/promises';

type Waiter = { readonly resolve: () => void; readonly reject: (error: unknown) => void };

/** Makes another file that holds what counts, and says where to append to it. */
export type Replacement = () => Promise<{ readonly file: FileHandle; readonly bytes: number }>;

export class AppendFile {
  #file: FileHandle;
  #bytes: number;
  #buffered: Uint8Array[] = [];
  #waiters: Waiter[] = [];
  #replacement: Replacement | null = null;
  #work: Promise<void> | null = null;
  #failure: { readonly error: unknown } | null = null;

  /** `bytes`: where to append. */
  constructor(file: FileHandle, bytes: number) {
    this.#file = file;
    this.#bytes = bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when this, and what was appended before, is on the disk. */
  appendSynced(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.append(bytes);
    });
  }

  /** Will be on the disk at some time. */
  append(bytes: Uint8Array): void {
    this.#buffered.push(bytes);
    this.#work ??= this.#run();
  }

  /** Goes on with another file as soon as nothing is being written; what is asked for meanwhile waits. */
  replace(act: Replacement): void {
    this.#replacement = act;
    this.#work ??= this.#run();
  }

  async close(): Promise<void> {
    while (this.#work !== null) await this.#work;
    await this.#file.close();
  }

  async #run(): Promise<void> {
    // What is asked for in the same turn goes together.
    await Promise.resolve();
    while (this.#buffered.length > 0 || this.#replacement !== null) {
      const pieces = this.#buffered.splice(0);
      const waiters = this.#waiters.splice(0);
      try {
        if (this.#failure !== null) throw this.#failure.error;
        await this.#write(Buffer.concat(pieces));
        if (waiters.length > 0) await this.#file.datasync();
        for (const { resolve } of waiters) resolve();
        await this.#replace();
      } catch (error) {
        this.#failure ??= { error };
        this.#replacement = null;
        for (const { reject } of waiters) reject(error);
      }
    }
    this.#work = null;
  }

  async #replace(): Promise<void> {
    const act = this.#replacement;
    if (act === null) return;
    this.#replacement = null;
    const before = this.#file;
    const { file, bytes } = await act();
    this.#file = file;
    this.#bytes = bytes;
    await before.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(
        bytes,
        done,
        bytes.length - done,
        this.#bytes,
      );
      done += bytesWritten;
      this.#bytes += bytesWritten;
    }
  }
}
