/** A lock set that this client holds (paper §5). */
import type { GroupName, LockSetId } from '@choir/protocol';
import type { Core } from './core.ts';
import { Listeners, type Unsubscribe } from './listeners.ts';
import { objectNamed } from './names.ts';
import type { Settled, Told } from './settlements.ts';

/** Why a lock is no longer held. */
export type LockEnd = {
  /** `gone`: it was missing on coming back, or the group is gone. */
  readonly cause: 'released' | 'grace_expired' | 'broken' | 'left' | 'gone';
  /** Who broke it; null when nobody did. */
  readonly by: string | null;
  /** What they said why; may be empty. */
  readonly reason: string;
};

/** Since when a lock is unconfirmed. */
export type LockDoubt = {
  /** When the server was last heard, as `performance.now()` counts: its grace began no sooner. */
  readonly since: number;
};

/** What `on` of a lock can listen to, and what each event carries. */
export type LockEvents = {
  /** It ended otherwise than by its holder: others may have written since. */
  readonly lost: LockEnd;
  /** It ended by its holder. */
  readonly released: LockEnd;
  /** The connection is gone: the grace period may run out unnoticed. */
  readonly unconfirmed: LockDoubt;
  /** It is held after all. */
  readonly confirmed: null;
  /** Some of its objects were released. */
  readonly shrunk: readonly string[];
};

/** A lock set that this client holds (paper §5). `Group.lock` gives it. */
export class Lock {
  /** The name of the group. */
  readonly group: string;
  /**
   * Fencing token, for other systems: higher than that of any lock set granted before on the same
   * objects. Writes through this client carry it by themselves.
   */
  readonly fence: number;
  readonly #core: Core;
  readonly #granted: Granted;
  readonly #listeners = new Listeners<LockEvents>();
  #objects: readonly string[];
  #state: 'held' | 'unconfirmed' | 'released' | 'lost' = 'held';

  /** @internal */
  constructor(core: Core, granted: Granted) {
    this.#core = core;
    this.#granted = granted;
    this.group = granted.group;
    this.fence = granted.lockSet;
    this.#objects = granted.objects;
  }

  /** What it still holds. */
  get objects(): readonly string[] {
    return this.#objects;
  }

  /** `unconfirmed` while there is no connection: nobody knows whether the grace period ran out. */
  get state(): 'held' | 'unconfirmed' | 'released' | 'lost' {
    return this.#state;
  }

  /**
   * Listens, from now on.
   *
   * @param name Which event; see `LockEvents`.
   * @returns A function that stops listening.
   */
  on<Name extends keyof LockEvents>(
    name: Name,
    listener: (event: LockEvents[Name]) => void,
  ): Unsubscribe {
    return this.#listeners.on(name, listener);
  }

  /**
   * Gives up the objects named, or all. Writes made after the call no longer carry the fence.
   *
   * @throws NO_LOCK when the lock set had ended before.
   */
  release(objects: readonly string[] = []): Promise<Settled> {
    const { group, lockSet } = this.#granted;
    return this.#core.submit(() => ({
      kind: 'release',
      group,
      lockSet,
      objects: objects.map(objectNamed),
    }));
  }

  /** @internal */
  tell(told: Told<'lock'>): void {
    const before = this.#objects;
    const was = this.#state;
    this.#objects = told.objects;
    switch (told.state) {
      case 'held':
        this.#state = 'held';
        if (was === 'unconfirmed') this.#listeners.tell('confirmed', null);
        this.#tellShrunk(before);
        return;
      case 'unconfirmed':
        this.#state = 'unconfirmed';
        this.#listeners.tell('unconfirmed', { since: told.since ?? performance.now() });
        return;
      case 'released':
      case 'lost':
        this.#state = told.state;
        this.#listeners.tell(told.state, endOf(told));
        return;
      default:
        return;
    }
  }

  #tellShrunk(before: readonly string[]): void {
    const gone = before.filter((object) => !this.#objects.includes(object));
    if (gone.length > 0) this.#listeners.tell('shrunk', gone);
  }
}

/** @internal */
export type Granted = {
  readonly group: GroupName;
  readonly lockSet: LockSetId;
  readonly objects: readonly string[];
};

function endOf({ cause, by, reason }: Told<'lock'>): LockEnd {
  const known = cause === null || cause === 'denied' || cause === 'wait_ended' ? 'gone' : cause;
  return { cause: known, by, reason };
}
