/**
 * An outbox in the browser (IndexedDB): what a client has pending outlives its page, and with it the
 * identity that makes sending it again safe.
 *
 * B1 One owner: of the pages that open one outbox, one has it (Web Locks); the others are refused, wait,
 *    or take another one, as they ask.
 * B2 Nothing is sent before it is on the disk.
 * B3 A local id is never used twice, whatever was removed or set aside.
 * B4 What cannot be read is told, and never dropped: it is refused, or set aside where it stays.
 *
 * Boundary: whoever runs code in the page, or reads the profile of the browser, is the client.
 */
import type { LocalId } from '@choir/protocol';
import { ChoirError, clientError } from '../choir-error.ts';
import { encodeEntry, identityEntries, storedEntry } from '../outbox-entry.ts';
import type { Identity, OutboxStore, StoredOutbox } from '../outbox-store.ts';
import type { OutboxRecord } from '../session/index.ts';
import { GroupCommit } from './group-commit.ts';
import { OutboxDatabase, type Write } from './outbox-database.ts';
import { type OwnerLock, own, type Turn } from './owner-lock.ts';
import { type DamagedRecord, type Reading, readingOf } from './reading.ts';
import { missing, openingError } from './storage-error.ts';

export type { DamagedRecord } from './reading.ts';

/** What to do when the outbox cannot be had as it is. */
export type BrowserOutboxOptions = {
  /**
   * When another page has it: `refuse` (the default) throws OUTBOX_IN_USE; `wait` waits until that page
   * ends; `another` takes one of its own with an identity of its own, which is kept as well: up to 32
   * pages, numbered, and one that has something pending is taken up first.
   */
  readonly whenInUse?: 'refuse' | 'wait' | 'another';
  /** Gives up waiting: ABORTED. */
  readonly signal?: AbortSignal;
  /**
   * When a record cannot be read: `refuse` (the default) throws OUTBOX_DAMAGED and changes nothing;
   * `set_aside` goes on without it, names it in `damaged`, and keeps it in the database.
   */
  readonly whenDamaged?: 'refuse' | 'set_aside';
};

/** Outboxes of one name that pages have beside each other. */
const pagesMax = 32;
/** A page that is loaded again meets its former self for a moment. */
const reloadMs = 500;

/**
 * An outbox in the browser (IndexedDB): what a client has pending outlives its page, and with it who the
 * client is. One page at a time has it (Web Locks). It needs a page from `https:` or from this machine.
 *
 * @example
 * const outbox = await BrowserOutbox.open('notes', { whenInUse: 'another' });
 * const client = connect('wss://choir.example', { outbox });
 */
export class BrowserOutbox implements OutboxStore {
  /** Of the database: tells which of several it is. */
  readonly name: string;
  /** What could not be read and was set aside when it was opened. */
  readonly damaged: readonly DamagedRecord[];
  readonly #lock: OwnerLock;
  readonly #database: OutboxDatabase;
  readonly #commits: GroupCommit;
  readonly #found: StoredOutbox;
  #lastLocalId: number;

  private constructor(name: string, lock: OwnerLock, database: OutboxDatabase, reading: Reading) {
    this.name = name;
    this.damaged = reading.damaged;
    this.#lock = lock;
    this.#database = database;
    this.#commits = new GroupCommit(database);
    this.#found = reading.found;
    this.#lastLocalId = reading.found.lastLocalId;
  }

  /**
   * Opens the outbox of that name in this origin, or makes it.
   *
   * @param name Of this outbox among those of the origin.
   * @throws OUTBOX_IN_USE, ABORTED, OUTBOX_DAMAGED, OUTBOX_UNAVAILABLE, OUTBOX_QUOTA
   */
  static async open(name: string, options: BrowserOutboxOptions = {}): Promise<BrowserOutbox> {
    const lack = missing();
    if (lack !== null) throw lack;
    const { whenInUse = 'refuse', signal } = options;
    if (whenInUse === 'another') return BrowserOutbox.#openAnother(name, options);
    const turn: Turn = whenInUse === 'wait' ? { signal } : { signal, patienceMs: reloadMs };
    const opened = await BrowserOutbox.#openInTurn(databaseName(name, 1), turn, options);
    return opened ?? inUse(name);
  }

  /**
   * Forgets an outbox with everything that is pending in it, also those of further pages.
   *
   * @throws OUTBOX_IN_USE
   */
  static async delete(name: string): Promise<void> {
    const locks: OwnerLock[] = [];
    try {
      const known = await existing();
      const names = numbers.map((n) => databaseName(name, n)).filter((each) => known.has(each));
      for (const each of names) {
        locks.push((await own(each, { patienceMs: reloadMs })) ?? inUse(name));
      }
      for (const each of names) await OutboxDatabase.delete(each);
    } finally {
      for (const lock of locks) lock.release();
    }
  }

  /** What was there when it was opened. */
  load(): StoredOutbox {
    return this.#found;
  }

  saveIdentity(identity: Identity): Promise<void> {
    return this.#commits.writeDurably(
      identityEntries(identity).map((entry) => ({
        kind: 'put',
        place: 'about',
        key: entry.kind,
        value: encodeEntry(entry),
      })),
    );
  }

  store(record: OutboxRecord): Promise<void> {
    const { localId } = record;
    const value = encodeEntry(storedEntry(record));
    const writes: Write[] = [{ kind: 'put', place: 'pending', key: localId, value }];
    if (localId > this.#lastLocalId) {
      this.#lastLocalId = localId;
      const used = encodeEntry({ kind: 'used', localId });
      writes.push({ kind: 'put', place: 'about', key: 'used', value: used });
    }
    return this.#commits.writeDurably(writes);
  }

  remove(localId: LocalId, decided: boolean): void | Promise<void> {
    const writes: Write[] = [{ kind: 'delete', place: 'pending', key: localId }];
    return decided ? this.#commits.write(writes) : this.#commits.writeDurably(writes);
  }

  async close(): Promise<void> {
    await this.#commits.settle();
    this.#database.close();
    this.#lock.release();
  }

  /** Null when its turn did not come. */
  static async #openInTurn(
    name: string,
    turn: Turn,
    { whenDamaged = 'refuse' }: BrowserOutboxOptions,
  ): Promise<BrowserOutbox | null> {
    const lock = await turnOf(name, turn);
    if (lock === null) return null;
    let database: OutboxDatabase | null = null;
    try {
      database = await OutboxDatabase.open(name);
      const reading = readingOf(await database.read());
      const { damaged } = reading;
      if (damaged.length > 0) {
        if (whenDamaged === 'refuse') throw damagedError(name, damaged);
        await database.write(settingAside(damaged), true);
      }
      return new BrowserOutbox(name, lock, database, reading);
    } catch (error) {
      database?.close();
      lock.release();
      throw openingError(error);
    }
  }

  static async #openAnother(name: string, options: BrowserOutboxOptions): Promise<BrowserOutbox> {
    const { signal } = options;
    const known = await existing();
    // Loaded again, or restored by the browser, a page has the outbox that it had.
    const before = remembered(name);
    const turn: Turn = { signal, patienceMs: reloadMs };
    const own = before === null ? null : await BrowserOutbox.#openInTurn(before, turn, options);
    const opened = own ?? (await BrowserOutbox.#openFree(name, known, options));
    remember(name, opened.name);
    return opened;
  }

  /** The first that has something pending and no owner; else the first that has no owner. */
  static async #openFree(
    name: string,
    known: ReadonlySet<string | undefined>,
    options: BrowserOutboxOptions,
  ): Promise<BrowserOutbox> {
    const { signal } = options;
    let free: BrowserOutbox | null = null;
    try {
      for (const next of numbers.map((n) => databaseName(name, n))) {
        if (!known.has(next) && free !== null) continue;
        const opened = await BrowserOutbox.#openInTurn(next, { signal, patienceMs: 0 }, options);
        if (opened === null) continue;
        if (opened.load().records.length > 0) {
          await free?.close();
          return opened;
        }
        if (free === null) free = opened;
        else await opened.close();
      }
    } catch (error) {
      await free?.close();
      throw error;
    }
    return free ?? inUse(name);
  }
}

const numbers: readonly number[] = Array.from({ length: pagesMax }, (_, index) => index + 1);

function databaseName(name: string, number: number): string {
  return number === 1 ? `choir outbox ${name}` : `choir outbox ${name} (${number})`;
}

/** Which of several this page has; a worker does not remember. */
function remembered(name: string): string | null {
  const before = globalThis.sessionStorage?.getItem(databaseName(name, 1)) ?? null;
  return numbers.some((n) => databaseName(name, n) === before) ? before : null;
}

function remember(name: string, database: string): void {
  try {
    globalThis.sessionStorage?.setItem(databaseName(name, 1), database);
  } catch {
    // No room: loaded again, the page takes the first that is free.
  }
}

async function existing(): Promise<ReadonlySet<string | undefined>> {
  try {
    return new Set((await indexedDB.databases()).map(({ name }) => name));
  } catch (error) {
    throw openingError(error);
  }
}

async function turnOf(name: string, turn: Turn): Promise<OwnerLock | null> {
  try {
    return await own(name, turn);
  } catch (cause) {
    if (turn.signal?.aborted === true) {
      throw clientError('ABORTED', { cause });
    }
    throw openingError(cause);
  }
}

function settingAside(damaged: readonly DamagedRecord[]): readonly Write[] {
  return damaged.flatMap(({ key, value }): Write[] => [
    { kind: 'put', place: 'damaged', value: { key, value } },
    { kind: 'delete', place: 'pending', key },
  ]);
}

function damagedError(name: string, damaged: readonly DamagedRecord[]): ChoirError {
  const keys = damaged.map(({ key }) => String(key)).join(', ');
  const message =
    `${damaged.length} of the records of "${name}" cannot be read (local ids ${keys}). ` +
    'To go on without them, open it with whenDamaged: "set_aside".';
  return new ChoirError('OUTBOX_DAMAGED', message);
}

function inUse(name: string): never {
  throw new ChoirError('OUTBOX_IN_USE', `Another page of this browser has the outbox "${name}".`);
}
