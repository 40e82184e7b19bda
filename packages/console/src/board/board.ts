/**
 * The board: every shape is an object of the group, and whoever changes one holds its lock. What this page
 * has changed shows at once, and is taken back when it turns out to have no effect. It knows no page.
 *
 * - B1 Only the holder of a shape's lock changes it. For a new shape the lock is asked for before the shape
 *   is sent, so that nobody can come in between; away from the group nobody knows of it.
 * - B2 What is shown is what the group holds, with what this page has pending on top.
 */
import { ChoirError, type Group, type Lock, type Message } from '@choir/client';
import type { OwnWork } from '../connection/own-work.ts';
import { encodeShape, parseShape, type Shape, titleOf } from './shape.ts';

const prefix = 'board/';
/** More shapes than this are not shown: the page stays usable whatever others put on the board. */
const shapesMax = 500;

export type Hold = {
  readonly clientId: string;
  /** `unconfirmed`: ours, but the line is cut, and its grace may run out. */
  readonly state: 'held' | 'unconfirmed' | 'others';
};

export type Seen = {
  readonly object: string;
  readonly shape: Shape;
  /** Changes of ours that are not in the group yet. */
  readonly pending: boolean;
  readonly hold: Hold | null;
};

export type BoardEvents = {
  readonly changed: () => void;
  /** A lock of ours is gone otherwise than by us. */
  readonly lost: (object: string, why: string) => void;
};

/** What the board needs of a group. */
export type BoardGroup = Pick<Group, 'object' | 'objects' | 'lockSets' | 'lock'>;

type Options = {
  readonly group: BoardGroup;
  readonly work: OwnWork;
  /** How long a lock outlives a cut, milliseconds. */
  readonly graceMs: () => number;
};

export class Board {
  readonly #options: Options;
  readonly #events: BoardEvents;
  /** Writes that are not settled, oldest first; null removes the shape. */
  readonly #pending = new Map<string, (Shape | null)[]>();
  readonly #locks = new Map<string, Lock>();
  /** How long each outlives a cut, as it was asked for. */
  readonly #graces = new WeakMap<Lock, number>();
  /** Lock requests without an answer. */
  readonly #asked = new Map<string, Promise<void>>();
  /** Shapes whose lock is given back at once should it be granted. */
  readonly #unwanted = new Set<string>();
  /** Shapes of this page whose lock is asked for, or that are not in the group yet. */
  readonly #fresh = new Set<string>();

  constructor(options: Options, events: BoardEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** In the order in which they came into being. */
  seen(): readonly Seen[] {
    const { group } = this.#options;
    const ids = new Set(group.objects().map(({ id }) => id));
    for (const id of this.#pending.keys()) ids.add(id);
    const shapes: Seen[] = [];
    for (const object of ids) {
      if (!object.startsWith(prefix) || shapes.length === shapesMax) continue;
      const shape = this.shape(object);
      if (shape === null) continue;
      const pending = this.#pending.has(object);
      shapes.push({ object, shape, pending, hold: this.#hold(object) });
    }
    return shapes;
  }

  /** As it is shown; null: there is none. */
  shape(object: string): Shape | null {
    const pending = this.#pending.get(object)?.at(-1);
    if (pending !== undefined) return pending;
    const updates = this.#options.group.object(object).updates();
    return parseShape(updates.at(-1) ?? new Uint8Array());
  }

  /** Whether this page may change it now (B1). */
  mayChange(object: string): boolean {
    return this.holds(object) || this.#fresh.has(object);
  }

  /** How long all that is held outlives a cut, milliseconds; null: nothing is held. */
  get graceMs(): number | null {
    const graces = [...this.#locks.values()].flatMap((lock) => this.#graces.get(lock) ?? []);
    return graces.length === 0 ? null : Math.min(...graces);
  }

  holds(object: string): boolean {
    const state = this.#locks.get(object)?.state;
    return state === 'held' || state === 'unconfirmed';
  }

  /**
   * Takes the lock of a shape; a later call while it is held does nothing, and one while it is asked for
   * waits for the same answer. What is released before the answer comes is given back then.
   *
   * @throws ChoirError LOCK_DENIED with the holders, and what else ends a lock request
   */
  async take(object: string): Promise<void> {
    this.#unwanted.delete(object);
    if (this.holds(object)) return;
    const asked = this.#asked.get(object) ?? this.#ask(object);
    this.#asked.set(object, asked);
    await asked;
  }

  release(object: string): void {
    this.#fresh.delete(object);
    if (this.#asked.has(object)) this.#unwanted.add(object);
    const lock = this.#locks.get(object);
    this.#locks.delete(object);
    if (lock === undefined || lock.state === 'lost') return;
    lock.release().catch(() => {});
    this.#events.changed();
  }

  /** Makes a shape; `hold`: and takes its lock. */
  add(shape: Shape, { hold }: { readonly hold: boolean }): string {
    const object = `${prefix}${crypto.randomUUID().slice(0, 13)}`;
    this.#fresh.add(object);
    if (hold) void this.#takeFresh(object);
    const written = this.#write(object, shape, 'Added');
    if (!hold) void written.then(() => this.#fresh.delete(object));
    return object;
  }

  /** Changes a shape, or removes it. What is not held is left as it is. */
  change(object: string, shape: Shape | null, did: string): void {
    if (this.mayChange(object)) void this.#write(object, shape, did);
  }

  /** A delivery of the group. */
  receive(message: Message): void {
    const concerned = message.kind === 'obj_state' && message.object.startsWith(prefix);
    if (concerned || message.kind === 'group_state') this.#events.changed();
  }

  async #ask(object: string): Promise<void> {
    const { group, graceMs } = this.#options;
    try {
      const asked = graceMs();
      const lock = await group.lock(object, { wait: false, graceMs: asked });
      this.#graces.set(lock, asked);
      this.#has(object, lock);
    } finally {
      this.#asked.delete(object);
      if (this.#unwanted.delete(object)) this.release(object);
    }
  }

  async #takeFresh(object: string): Promise<void> {
    try {
      await this.take(object);
    } catch (error) {
      if (!(error instanceof ChoirError)) throw error;
    } finally {
      this.#fresh.delete(object);
      this.#events.changed();
    }
  }

  #hold(object: string): Hold | null {
    const own = this.#locks.get(object);
    const set = this.#options.group.lockSets().find(({ objects }) => objects.includes(object));
    if (own?.state === 'held' || own?.state === 'unconfirmed') {
      return { clientId: set?.holder ?? '', state: own.state };
    }
    return set === undefined ? null : { clientId: set.holder, state: 'others' };
  }

  #has(object: string, lock: Lock): void {
    this.#locks.set(object, lock);
    const changed = (): void => this.#events.changed();
    lock.on('unconfirmed', changed);
    lock.on('confirmed', changed);
    lock.on('lost', ({ cause, by, reason }) => {
      if (this.#locks.get(object) === lock) this.#locks.delete(object);
      const why = reason === '' ? '' : ` (${reason})`;
      const how =
        cause === 'broken' && by !== null
          ? `It was taken from you${why}.`
          : 'You were away for longer than it is kept.';
      this.#events.lost(object, how);
      changed();
    });
    changed();
  }

  async #write(object: string, shape: Shape | null, did: string): Promise<void> {
    const before = this.shape(object);
    const writes = this.#pending.get(object) ?? [];
    writes.push(shape);
    this.#pending.set(object, writes);
    const named = shape ?? before;
    const label = `${did} ${named === null ? 'a shape' : titleOf(named)}`;
    const again = (): void => void this.#again(object, shape, did);
    const outcome = this.#options.group
      .object(object)
      .replace(shape === null ? '' : encodeShape(shape));
    const tracked = this.#options.work.track({ key: object, label, again }, outcome);
    this.#events.changed();
    await tracked;
    writes.shift();
    if (writes.length === 0) this.#pending.delete(object);
    this.#events.changed();
  }

  /** Does once more what had no effect, on what others have made of it. */
  async #again(object: string, shape: Shape | null, did: string): Promise<void> {
    try {
      await this.take(object);
      this.change(object, shape, did);
    } catch (error) {
      if (!(error instanceof ChoirError)) throw error;
      this.#events.lost(object, 'Somebody else holds it now; try again later.');
    }
  }
}
