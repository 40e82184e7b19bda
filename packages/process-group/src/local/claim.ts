/**
 * A claim on a file that ends with its process, however that ends: an exclusive lock of SQLite, which the operating system lets go. So
 * whoever can take a claim knows that its owner is dead, and nobody else can take it meanwhile.
 */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

const busy = 5;

export class Claim {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Null when somebody who lives has it. The file is made if it is not there. */
  static take(path: string): Claim | null {
    return Claim.#of(new DatabaseSync(path));
  }

  /** As `take`, of a file that is there; `gone` when it is not, or not any more. */
  static takeExisting(path: string): Claim | 'gone' | null {
    const url = pathToFileURL(path);
    url.searchParams.set('mode', 'rw');
    try {
      return Claim.#of(new DatabaseSync(url));
    } catch (error) {
      if (!existsSync(path)) return 'gone';
      throw error;
    }
  }

  static #of(database: DatabaseSync): Claim | null {
    try {
      database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      return new Claim(database);
    } catch (error) {
      database.close();
      if ((error as { readonly errcode?: number }).errcode === busy) return null;
      throw error;
    }
  }

  release(): void {
    this.#database.close();
  }
}
