/**
 * Virtual time. Everything that happens later in a simulation is an alarm here; running the
 * scheduler is running the world.
 *
 * Boundary: knows nothing of what it wakes. Time is in milliseconds since the start, fractions
 * allowed.
 *
 * Invariants:
 * V1 Alarms go off in the order of their times; equal times in the order in which they were set.
 * V2 Time never goes back; an alarm set for the past goes off now, after those already due.
 * V3 A cancelled alarm never goes off.
 *
 * A task takes a number, so that an object with many alarms can keep one bound function and tell
 * its alarms apart, instead of making a closure for each.
 */
export type Task = (what: number) => void;

/** An alarm that was set: a handle for `cancel`, nothing else. */
export class Alarm {
  readonly time: number;
  /** Where it stands in the heap; -1 when it has gone off or was cancelled. */
  place = -1;
  readonly turn: number;
  readonly task: Task;
  readonly what: number;

  constructor(time: number, turn: number, task: Task, what: number) {
    this.time = time;
    this.turn = turn;
    this.task = task;
    this.what = what;
  }

  get pending(): boolean {
    return this.place !== -1;
  }
}

export class Scheduler {
  #now = 0;
  #turn = 0;
  #fired = 0;
  /** A binary heap: the parent of `i` is `(i - 1) >> 1`. */
  readonly #heap: Alarm[] = [];

  get now(): number {
    return this.#now;
  }

  /** How many alarms are set. */
  get pending(): number {
    return this.#heap.length;
  }

  /** How many have gone off, ever: the measure of a simulation's work. */
  get fired(): number {
    return this.#fired;
  }

  at(time: number, task: Task, what = 0): Alarm {
    const alarm = new Alarm(time > this.#now ? time : this.#now, this.#turn, task, what);
    this.#turn += 1;
    this.#rise(alarm, this.#heap.length);
    return alarm;
  }

  after(delayMs: number, task: Task, what = 0): Alarm {
    return this.at(this.#now + delayMs, task, what);
  }

  /** Harmless on an alarm that is no longer set, so owners need not remember. */
  cancel(alarm: Alarm | null | undefined): void {
    if (alarm === null || alarm === undefined || alarm.place === -1) return;
    const place = alarm.place;
    alarm.place = -1;
    this.#fill(place);
  }

  /** Lets the next alarm go off; false when there is none. */
  step(): boolean {
    const next = this.#heap[0];
    if (next === undefined) return false;
    next.place = -1;
    this.#fill(0);
    this.#now = next.time;
    this.#fired += 1;
    next.task(next.what);
    return true;
  }

  /** Lets everything happen up to and including `until`, which is then the time. */
  run(until: number): void {
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.time > until) break;
      this.step();
    }
    if (until > this.#now && until !== Number.POSITIVE_INFINITY) this.#now = until;
  }

  /** Closes the hole at `place` with the last alarm of the heap. */
  #fill(place: number): void {
    const moved = this.#heap.pop();
    if (moved === undefined || place === this.#heap.length) return;
    const parent = this.#heap[(place - 1) >> 1];
    if (place > 0 && parent !== undefined && before(moved, parent)) this.#rise(moved, place);
    else this.#sink(moved, place);
  }

  #rise(alarm: Alarm, from: number): void {
    const heap = this.#heap;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above] as Alarm;
      if (!before(alarm, parent)) break;
      heap[place] = parent;
      parent.place = place;
      place = above;
    }
    heap[place] = alarm;
    alarm.place = place;
  }

  #sink(alarm: Alarm, from: number): void {
    const heap = this.#heap;
    const size = heap.length;
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= size) break;
      const right = below + 1;
      if (right < size && before(heap[right] as Alarm, heap[below] as Alarm)) below = right;
      const child = heap[below] as Alarm;
      if (!before(child, alarm)) break;
      heap[place] = child;
      child.place = place;
      place = below;
    }
    heap[place] = alarm;
    alarm.place = place;
  }
}

function before(one: Alarm, other: Alarm): boolean {
  return one.time < other.time || (one.time === other.time && one.turn < other.turn);
}
