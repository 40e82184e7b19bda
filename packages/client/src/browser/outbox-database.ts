/**
 * The database of one outbox. Only its owner opens it, so that a newer version of its schema never has
 * to wait for an older page.
 *
 * D1 What is written in one transaction is there whole or not at all.
 * D2 A durable write has left the buffers of the operating system when its promise resolves.
 */
import { causeOf } from './storage-error.ts';

/** Schemas, oldest first: what each adds to the one before. Never change one that was released. */
const upgrades: readonly ((database: IDBDatabase) => void)[] = [
  (database) => {
    database.createObjectStore('about');
    database.createObjectStore('pending');
    database.createObjectStore('damaged', { autoIncrement: true });
  },
];

/** `about`: by name. `pending`: by local id. `damaged`: what could not be read, set aside. */
type Place = 'about' | 'pending' | 'damaged';

export type Write =
  | {
      readonly kind: 'put';
      readonly place: Place;
      readonly key?: IDBValidKey;
      readonly value: unknown;
    }
  | { readonly kind: 'delete'; readonly place: Place; readonly key: IDBValidKey };

export type Found = {
  readonly about: ReadonlyMap<IDBValidKey, unknown>;
  readonly pending: ReadonlyMap<IDBValidKey, unknown>;
};

export class OutboxDatabase {
  readonly #database: IDBDatabase;
  #ended: string | null = null;

  private constructor(database: IDBDatabase) {
    this.#database = database;
    // Somebody deletes it, or needs another version: whoever writes next is told.
    database.onversionchange = () => {
      this.#ended = 'The database of the outbox is being deleted.';
      database.close();
    };
    database.onclose = () => {
      this.#ended = 'The browser has closed the database of the outbox.';
    };
  }

  static async open(name: string): Promise<OutboxDatabase> {
    const request = indexedDB.open(name, upgrades.length);
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const upgrade of upgrades.slice(oldVersion)) upgrade(request.result);
    };
    return new OutboxDatabase(await answer(request));
  }

  /** There may be none. */
  static async delete(name: string): Promise<void> {
    await answer(indexedDB.deleteDatabase(name));
  }

  async read(): Promise<Found> {
    const transaction = this.#database.transaction(['about', 'pending']);
    const [about, pending] = await Promise.all([
      entries(transaction.objectStore('about')),
      entries(transaction.objectStore('pending')),
    ]);
    return { about, pending };
  }

  /** In the order given. */
  write(writes: readonly Write[], durable: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) throw new Error(this.#ended);
      const places = [...new Set(writes.map(({ place }) => place))];
      const durability = durable ? 'strict' : 'relaxed';
      const transaction = this.#database.transaction(places, 'readwrite', { durability });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(causeOf(transaction.error));
      for (const write of writes) {
        const store = transaction.objectStore(write.place);
        if (write.kind === 'put') store.put(write.value, write.key);
        else store.delete(write.key);
      }
      transaction.commit();
    });
  }

  close(): void {
    this.#database.close();
  }
}

async function entries(store: IDBObjectStore): Promise<ReadonlyMap<IDBValidKey, unknown>> {
  const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())]);
  return new Map(keys.map((key, index) => [key, values[index]]));
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(causeOf(request.error));
  });
}
