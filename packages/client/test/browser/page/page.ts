/** What the tests in a browser find in their page: a program that uses the client as any other does. */
import { ChoirError, type Client, connect, type Group } from '@choir/client';
import { BrowserOutbox, type BrowserOutboxOptions } from '@choir/client/browser';

export type Place = { readonly url: string; readonly room: string };

class Program {
  #outbox: BrowserOutbox | null = null;
  #client: Client | null = null;
  #group: Group | null = null;
  readonly ended: string[] = [];
  /** Of the connection, in their order. */
  readonly states: string[] = [];
  readonly order: string[] = [];

  get client(): Client {
    return this.#client ?? missing('client');
  }

  get outbox(): BrowserOutbox {
    return this.#outbox ?? missing('outbox');
  }

  /** Opens the outbox and connects. Returns how many messages an earlier page left. */
  async start(url: string, options: BrowserOutboxOptions = {}): Promise<number> {
    this.#outbox = await BrowserOutbox.open('test', options);
    this.#client = connect(url, { outbox: this.#outbox, name: 'Me' });
    this.states.push(this.#client.connection.state);
    this.#client.on('connection', ({ state }) => this.states.push(state));
    this.#client.on('ended', ({ code, message }) => this.ended.push(`${code}: ${message}`));
    return this.#client.pending;
  }

  async enter({ url, room }: Place): Promise<void> {
    await this.start(url);
    this.#group = await this.client.join(room);
  }

  /** Appends to the object `doc`; does not wait for a server, but for the outbox. */
  async write(...pieces: readonly string[]): Promise<void> {
    for (const piece of pieces)
      this.group
        .object('doc')
        .update(piece)
        .catch(() => {});
    // A durable write of nothing comes behind these.
    await this.outbox.remove(Number.MAX_SAFE_INTEGER as never, false);
  }

  /** Says something to anybody, once it is stored. Returns its local id. */
  async say(words: string): Promise<number> {
    this.client.broadcast('anybody', words).catch(() => {});
    await this.write();
    const localIds = (await keysOf('pending')).map(Number);
    return Math.max(...localIds);
  }

  /** Says so many megabytes, each after the one before is stored; stops when one fails. */
  async fill(megabytes: number): Promise<void> {
    for (let i = 0; i < megabytes; i += 1) {
      const data = crypto.getRandomValues(new Uint8Array(60_000));
      const parts = Array.from({ length: 16 }, () => data);
      const all = Promise.all(parts.map((part) => this.client.broadcast('anybody', part)));
      await Promise.race([all, this.write()]);
    }
  }

  /** From here on, in their order: transactions that end, and frames that go out. */
  watchOrder(): void {
    const { order } = this;
    const begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...how) {
      const transaction = begin.apply(this, how);
      transaction.addEventListener('complete', () => order.push(transaction.durability));
      return transaction;
    };
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (this: WebSocket, ...what) {
      order.push('sent');
      send.apply(this, what);
    };
  }

  /** How many pages wait for a turn. */
  async waiting(): Promise<number> {
    const { pending = [] } = await navigator.locks.query();
    return pending.length;
  }

  keysOf(store: string): Promise<readonly IDBValidKey[]> {
    return keysOf(store);
  }

  forget(): Promise<void> {
    return BrowserOutbox.delete('test');
  }

  /** One bit of a record is turned. */
  async damage(store: string, key: IDBValidKey, name = databaseName): Promise<void> {
    const database = await answer(indexedDB.open(name));
    const records = database.transaction(store, 'readwrite').objectStore(store);
    const value = await answer<Uint8Array>(records.get(key));
    value[value.length - 1] = (value.at(-1) ?? 0) ^ 1;
    await answer(records.put(value, key));
    database.close();
  }

  async makeNewer(): Promise<void> {
    (await answer(indexedDB.open(databaseName, 99))).close();
  }

  async deleteDatabase(): Promise<void> {
    await answer(indexedDB.deleteDatabase(databaseName));
  }

  /** The code, or the message, of what goes wrong. */
  async failure(act: () => Promise<unknown>): Promise<string> {
    try {
      await act();
      return 'none';
    } catch (error) {
      return error instanceof ChoirError ? `${error.code}: ${error.message}` : String(error);
    }
  }

  get group(): Group {
    return this.#group ?? missing('group');
  }
}

const databaseName = 'choir outbox test';

async function keysOf(store: string): Promise<readonly IDBValidKey[]> {
  const database = await answer(indexedDB.open(databaseName));
  const keys = await answer(database.transaction(store).objectStore(store).getAllKeys());
  database.close();
  return keys;
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no reason'));
  });
}

function missing(what: string): never {
  throw new Error(`There is no ${what} yet.`);
}

declare global {
  var program: Program;
}

globalThis.program = new Program();
