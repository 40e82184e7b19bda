/**
 * What this page has changed and does not yet know to be in the group, and what became of what waited
 * while it was away. It knows no page.
 *
 * - W1 Everything that is tracked ends as kept or as void, never as forgotten.
 * - W2 What was settled without an interruption is not worth telling and disappears.
 */
import { ChoirError } from '@choir/client';

export type Task = {
  /** The same for what is one to a person: the changes of one shape, or of the text. */
  readonly key: string;
  /** The last of it, for people: "Moved the note “Plan”". */
  label: string;
  waits: number;
  kept: number;
  void: number;
  /** Why the last one had no effect; empty if none. */
  why: string;
  /** Puts back what had no effect; null when it cannot be. */
  again: (() => void) | null;
};

export type Tracked = {
  readonly key: string;
  readonly label: string;
  readonly again?: () => void;
};

export class OwnWork {
  readonly #tasks = new Map<string, Task>();
  readonly #changed: () => void;
  #away = false;
  /** How often this page has gone away. */
  #absences = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** In the order in which they began. */
  get tasks(): readonly Readonly<Task>[] {
    return [...this.#tasks.values()];
  }

  /** From now on what is done is done away from the others. */
  away(): void {
    if (this.#away) return;
    this.#away = true;
    this.#absences += 1;
    this.#changed();
  }

  back(): void {
    this.#away = false;
    this.#changed();
  }

  /** Forgets what is settled. */
  dismiss(): void {
    for (const [key, { waits }] of this.#tasks) if (waits === 0) this.#tasks.delete(key);
    this.#changed();
  }

  /** Resolves to whether it took effect; throws what is no error of the client. */
  async track(what: Tracked, outcome: Promise<unknown>): Promise<boolean> {
    const task = this.#task(what);
    const beganAway = this.#away;
    const absences = this.#absences;
    task.waits += 1;
    this.#changed();
    try {
      await outcome;
      if (beganAway || this.#absences > absences) task.kept += 1;
      return true;
    } catch (error) {
      if (!(error instanceof ChoirError)) throw error;
      task.void += 1;
      task.why = explained(error);
      task.again = what.again ?? null;
      return false;
    } finally {
      task.waits -= 1;
      if (task.waits + task.kept + task.void === 0) this.#tasks.delete(what.key);
      this.#changed();
    }
  }

  #task({ key, label }: Tracked): Task {
    const known = this.#tasks.get(key);
    if (known !== undefined) {
      known.label = label;
      return known;
    }
    const task: Task = { key, label, waits: 0, kept: 0, void: 0, why: '', again: null };
    this.#tasks.set(key, task);
    return task;
  }
}

/** Why something had no effect, for people who do not know the protocol. */
export function explained({ code, message }: Pick<ChoirError, 'code' | 'message'>): string {
  switch (code) {
    case 'WITHDRAWN_CONFLICT':
    case 'CONFLICT':
    case 'STALE_FENCE':
      return 'Your hold on it had run out, and somebody else has held it since.';
    case 'WITHDRAWN_DISCARDED':
      return 'It was built on another change of yours that had no effect.';
    case 'LOCKED':
      return 'Somebody else holds it.';
    case 'CHECKPOINTED':
      return 'The whole board was replaced meanwhile.';
    case 'LEFT':
    case 'CLOSED':
      return 'The group was left before it could be sent.';
    default:
      return message;
  }
}
