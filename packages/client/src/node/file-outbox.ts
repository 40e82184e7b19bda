/**
 * An outbox in a file: what a client has pending outlives its process, and with it the identity that
 * makes sending it again safe.
 *
 * F1 One owner: the second to open is refused (OUTBOX_IN_USE).
 * F2 Nothing is sent before it is synced to the disk.
 * F3 The file is readable by its owner only (0600): whoever has the secret is the client.
 * F4 An entry that was being written when the process or the machine ended is dropped; it was not sent.
 * F5 A local id is never used twice, whatever was removed, compacted or dropped.
 */
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LocalId } from '@choir/protocol';
import { ChoirError } from '../choir-error.ts';
import {
  type Entry,
  encodeEntry,
  identityEntries,
  magic,
  recordOf,
  type Scan,
  type Stored,
  scan,
  storedEntry,
} from '../outbox-entry.ts';
import type { Identity, OutboxStore, StoredOutbox } from '../outbox-store.ts';
import type { OutboxRecord } from '../session/index.ts';
import { AppendFile } from './append-file.ts';
import { type FileLock, lockFile } from './file-lock.ts';

/** A file that has grown to this size is rewritten when most of it is of the past. */
const compactBytesMin = 1024 * 1024;
/** Local ids that may have been used by entries that were lost with the tail of the file (F5). */
const lostLocalIds = 2 ** 20;
const ownerOnly = 0o600;

/**
 * An outbox in a file: what a client has pending outlives its process, and with it who the client is. One
 * process at a time has it. It is readable by its owner only, since it holds the secret of the client.
 *
 * @example
 * const outbox = await FileOutbox.open('ann.outbox');
 * const client = connect('ws://127.0.0.1:7400', { outbox });
 */
export class FileOutbox implements OutboxStore {
  readonly #path: string;
  readonly #lock: FileLock;
  readonly #file: AppendFile;
  readonly #pending = new Map<LocalId, { readonly entry: Stored; readonly bytes: number }>();
  /** What counts of the file, about. */
  #liveBytes = 0;
  #identity: Identity | null = null;
  #lastLocalId = 0;
  #rewriting = false;
  #closing: Promise<void> | null = null;
  /** Bytes at the end of the file that were no whole entry when it was opened. */
  readonly droppedBytes: number;

  private constructor(path: string, lock: FileLock, file: AppendFile, droppedBytes: number) {
    this.#path = path;
    this.#lock = lock;
    this.#file = file;
    this.droppedBytes = droppedBytes;
  }

  /**
   * Opens the file, or makes it, with a lock file beside it (`.lock`). Its directory must exist.
   *
   * @throws OUTBOX_IN_USE; OUTBOX_DAMAGED when it is no outbox; what the file system says.
   */
  static async open(path: string): Promise<FileOutbox> {
    const lock = lockFile(`${path}.lock`);
    try {
      return await FileOutbox.#openOwned(path, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  load(): StoredOutbox {
    const records = [...this.#pending.values()].map(({ entry }) => recordOf(entry));
    records.sort((one, other) => one.localId - other.localId);
    return { identity: this.#identity, lastLocalId: this.#lastLocalId, records };
  }

  saveIdentity(identity: Identity): Promise<void> {
    this.#identity = identity;
    return this.#file.appendSynced(Buffer.concat(identityEntries(identity).map(encodeEntry)));
  }

  store(record: OutboxRecord): Promise<void> {
    const entry = storedEntry(record);
    const bytes = encodeEntry(entry);
    this.#take(entry, bytes.length);
    return this.#file.appendSynced(bytes);
  }

  /**
   * What was decided is removed from the disk some time later: should it come back, the server answers
   * from its memory.
   */
  remove(localId: LocalId, decided: boolean): void | Promise<void> {
    this.#forget(localId);
    const bytes = encodeEntry({ kind: 'removed', localId });
    const done = decided ? this.#file.append(bytes) : this.#file.appendSynced(bytes);
    if (this.#isMostlyPast()) {
      this.#rewriting = true;
      // A failure is the file's: the next `store` meets it.
      this.#file.replace(() => this.#rewrite());
    }
    return done;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      await this.#file.close();
    } finally {
      this.#lock.release();
    }
  }

  static async #openOwned(path: string, lock: FileLock): Promise<FileOutbox> {
    // Opened for appending, a file can only grow; and it may have been made with another mode.
    const file = await open(path, 'a+', ownerOnly);
    const bytes = await orClosed(file, async () => {
      await file.chmod(ownerOnly);
      return await file.readFile();
    });
    await file.close();
    // Shorter than its first word: its making was cut short.
    const isNew = bytes.length < magic.length;
    const found = isNew ? { entries: [], wholeBytes: 0 } : scan(bytes);
    if (found === null) throw new ChoirError('OUTBOX_DAMAGED', `${path} is no outbox.`);
    const dropped = isNew ? 0 : bytes.length - found.wholeBytes;
    // Before anything is cut off.
    if (!isWhole(found.entries)) {
      throw new ChoirError('OUTBOX_DAMAGED', `${path} does not say whose outbox it is.`);
    }
    const append = await openAt(path, found.wholeBytes);
    const outbox = new FileOutbox(path, lock, append, dropped);
    for (const [entry, entryBytes] of found.entries) outbox.#take(entry, entryBytes);
    // While it is nobody's, none was used.
    if (dropped > 0 && outbox.#identity !== null) {
      await orClosed(append, () => outbox.#skipLocalIds());
    }
    return outbox;
  }

  async #skipLocalIds(): Promise<void> {
    this.#lastLocalId += lostLocalIds;
    await this.#file.appendSynced(encodeEntry({ kind: 'used', localId: this.#lastLocalId }));
  }

  #take(entry: Entry, bytes: number): void {
    switch (entry.kind) {
      case 'identity': {
        const { clientId = null, secret } = entry;
        this.#identity = { clientId, secret };
        return;
      }
      case 'home':
        if (this.#identity !== null) this.#identity = { ...this.#identity, server: entry.server };
        return;
      case 'stored': {
        const { localId } = entry.submission;
        this.#forget(localId);
        this.#pending.set(localId, { entry, bytes });
        this.#liveBytes += bytes;
        this.#lastLocalId = Math.max(this.#lastLocalId, localId);
        return;
      }
      case 'removed':
        this.#forget(entry.localId);
        return;
      case 'used':
        this.#lastLocalId = Math.max(this.#lastLocalId, entry.localId);
        return;
      default:
        entry satisfies never;
    }
  }

  #forget(localId: LocalId): void {
    this.#liveBytes -= this.#pending.get(localId)?.bytes ?? 0;
    this.#pending.delete(localId);
  }

  #isMostlyPast(): boolean {
    const enough = Math.max(compactBytesMin, 4 * this.#liveBytes);
    return !this.#rewriting && this.#file.bytes >= enough;
  }

  /** Writes what counts into a new file and puts it in the place of the old one. */
  async #rewrite(): Promise<{ readonly file: FileHandle; readonly bytes: number }> {
    const entries: Entry[] = [{ kind: 'used', localId: this.#lastLocalId }];
    if (this.#identity !== null) entries.unshift(...identityEntries(this.#identity));
    for (const { entry } of this.#pending.values()) entries.push(entry);
    const bytes = Buffer.concat([magic, ...entries.map(encodeEntry)]);
    const temporary = `${this.#path}.new`;
    const file = await open(temporary, 'w', ownerOnly);
    await orClosed(file, async () => {
      await file.writeFile(bytes);
      await file.sync();
      await rename(temporary, this.#path);
      await syncDirectory(this.#path);
    });
    this.#rewriting = false;
    return { file, bytes: bytes.length };
  }
}

/** Whether it says whose it is, or nobody has used it: its making was cut short. */
function isWhole(entries: Scan['entries']): boolean {
  const kinds = entries.map(([{ kind }]) => kind);
  return kinds.includes('identity') || kinds.every((kind) => kind === 'used');
}

/** The file, cut to what is whole of it, with its beginning in place. */
async function openAt(path: string, wholeBytes: number): Promise<AppendFile> {
  const file = await open(path, 'r+');
  await orClosed(file, async () => {
    await file.truncate(wholeBytes);
    if (wholeBytes > 0) return;
    await file.write(magic, 0, magic.length, 0);
    await file.sync();
    await syncDirectory(path);
  });
  return new AppendFile(file, Math.max(wholeBytes, magic.length));
}

/** What `act` does with the file; that is closed when it fails: Node.js ends a process that forgets one. */
async function orClosed<T>(file: { close(): Promise<void> }, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** A file whose name is not on the disk is not there after a power failure. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(dirname(path), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
