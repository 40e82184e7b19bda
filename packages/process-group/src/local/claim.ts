/**
 * A claim on a file that ends with its process, however that ends: an exclusive lock of SQLite, which the operating system lets go. So
 * whoever can take a claim knows that its owner is dead, and nobody else can take it meanwhile.
 */
import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

const busy = 5;
/** So often a file is opened anew that was another one when it was claimed. */
const openingsMax = 16;

export class Claim {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Null when somebody who lives has it. The file is made if it is not there, and is the one at `path` when it is claimed: files are removed, and made
   * again under the same name.
   */
  static take(path: string): Claim | null {
    for (let openings = 0; openings < openingsMax; openings += 1) {
      const before = identityOf(path);
      const claim = Claim.#of(new DatabaseSync(path));
      if (claim === null) return null;
      // Nothing is renamed to this path: what was there before and is there now was there when it was opened.
      if (before !== null && before === identityOf(path)) return claim;
      claim.release();
    }
    return null;
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
      // Nothing is written, and a journal would be a file beside it that outlives a process that is killed.
      database.exec(
        'PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE',
      );
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

/** Null when there is no file. Its time tells it from one that has the number of a file that is gone. */
function identityOf(path: string): string | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.ino} ${stat.birthtimeNs}`;
}
