/**
 * Whether operations on one thing can be put in an order that respects real time, and in which each gives the answer that it gave: the
 * search of Wing and Gong, with the memory of Lowe. What began and has no answer may have happened at any time since, or not at all.
 */

export type Operation<Action> = {
  readonly action: Action;
  readonly invokedAt: number;
  /** Infinity when it has no answer. */
  readonly respondedAt: number;
};

/** A sequential specification. */
export type Model<Action, State> = {
  readonly initial: State;
  /** The state after it, the same object if it changes nothing; null when its answer would have been another. */
  readonly step: (state: State, action: Action) => State | null;
  /** The same text for the same state. */
  readonly text: (state: State) => string;
  /** Actions with a rank can only happen in the order of their ranks; null where that is not known. */
  readonly rank: (action: Action) => number | null;
};

export type Verdict = 'linearizable' | 'not linearizable' | 'undecided';

/** How many states are looked at, at most. */
const statesMax = 200_000;

export function judgeLinearizability<Action, State>(
  operations: readonly Operation<Action>[],
  model: Model<Action, State>,
): Verdict {
  const search = new Search(operations, model);
  return search.run();
}

class Search<Action, State> {
  /** By the time of the invocation. */
  readonly #operations: readonly Operation<Action>[];
  readonly #model: Model<Action, State>;
  readonly #seen = new Set<string>();
  readonly #done: boolean[];
  /** Operations with an answer that are not in the order yet. */
  #open: number;

  constructor(operations: readonly Operation<Action>[], model: Model<Action, State>) {
    this.#operations = operations.toSorted((one, other) => one.invokedAt - other.invokedAt);
    this.#model = model;
    this.#done = operations.map(() => false);
    this.#open = operations.filter(({ respondedAt }) => respondedAt < Infinity).length;
  }

  run(): Verdict {
    // Depth first, without recursion: each frame is a state and what may come next in it.
    const frames: Frame<State>[] = [this.#frame(this.#model.initial, null)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      if (this.#open === 0) return 'linearizable';
      const at = frame.candidates.shift();
      if (at === undefined) {
        if (frame.chosen !== null) this.#put(frame.chosen, false);
        frames.pop();
        continue;
      }
      const operation = this.#operations[at];
      if (operation === undefined) continue;
      const next = this.#model.step(frame.state, operation.action);
      if (next === null) continue;
      this.#put(at, true);
      if (this.#isNew(next)) frames.push(this.#frame(next, at));
      else this.#put(at, false);
      if (this.#seen.size > statesMax) return 'undecided';
    }
    return 'not linearizable';
  }

  #put(at: number, isDone: boolean): void {
    this.#done[at] = isDone;
    if (this.#operations[at]?.respondedAt !== Infinity) this.#open += isDone ? -1 : 1;
  }

  /** What may come next: whatever began before the first answer that is not in the order yet; what is answered first, first. */
  #frame(state: State, chosen: number | null): Frame<State> {
    const { step } = this.#model;
    const rank = this.#firstRank();
    let bound = Infinity;
    const candidates: number[] = [];
    for (const [at, { action, invokedAt, respondedAt }] of this.#operations.entries()) {
      if (this.#done[at] === true) continue;
      if (invokedAt > bound) break;
      bound = Math.min(bound, respondedAt);
      if ((this.#model.rank(action) ?? rank) > rank) continue;
      if (step(state, action) !== state) candidates.push(at);
      // What changes nothing, and may come now, need not come later.
      else if (respondedAt < Infinity) return { state, chosen, candidates: [at] };
    }
    const answeredAt = (at: number): number => this.#operations[at]?.respondedAt ?? Infinity;
    candidates.sort((one, other) => answeredAt(one) - answeredAt(other) || one - other);
    return { state, chosen, candidates };
  }

  /** The lowest rank of what has to come yet. */
  #firstRank(): number {
    let first = Infinity;
    for (const [at, { action, respondedAt }] of this.#operations.entries()) {
      if (this.#done[at] === true || respondedAt === Infinity) continue;
      first = Math.min(first, this.#model.rank(action) ?? Infinity);
    }
    return first;
  }

  #isNew(state: State): boolean {
    // What was done, from the first that is not.
    const first = this.#done.indexOf(false);
    const rest = first === -1 ? '' : this.#done.slice(first).map(Number).join('');
    const last = rest.lastIndexOf('1');
    const key = `${first} ${rest.slice(0, last + 1)} ${this.#model.text(state)}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }
}

type Frame<State> = {
  readonly state: State;
  /** The operation that led here; null at the beginning. */
  readonly chosen: number | null;
  readonly candidates: number[];
};
