/**
 * The log as the servers recorded it: the committed entries, and what each group received at each
 * position. Records come in the order of the trace; steps come in the order of the log.
 */
import type { RecordOf } from '../vocabulary.ts';

export type Entry = RecordOf<'entry'>;
export type Part = RecordOf<'part'>;
export type Logged = RecordOf<'logged'>;

/** What one group received at one position. */
export type Unit = {
  readonly seq: number;
  readonly group: string;
  readonly created: number;
  readonly events: readonly Logged[];
};

export type Step = {
  readonly seq: number;
  /** Null when the servers recorded no such entry: the trace is broken, which C2 reports. */
  readonly entry: Entry | null;
  readonly parts: readonly Part[];
  readonly units: readonly Unit[];
};

type Building = {
  entry: Entry | null;
  parts: Part[];
  units: Map<number, { seq: number; group: string; created: number; events: Logged[] }>;
};

export class ServerLog {
  readonly #steps = new Map<number, Building>();
  #sorted: readonly Step[] | null = null;
  #byGroup: ReadonlyMap<number, readonly Unit[]> | null = null;

  /** The first record of an entry counts; whether later ones agree is C2's matter. */
  entry(entry: Entry): void {
    const step = this.#step(entry.seq);
    if (step.entry === null) step.entry = entry;
  }

  part(part: Part): void {
    const step = this.#step(part.seq);
    if (step.parts.length === part.index) step.parts.push(part);
  }

  logged(logged: Logged): void {
    const { units } = this.#step(logged.seq);
    const { seq, group, created } = logged;
    let unit = units.get(created);
    if (unit === undefined) {
      unit = { seq, group, created, events: [] };
      units.set(created, unit);
    }
    if (unit.events.length === logged.index) unit.events.push(logged);
  }

  /** Every step, ascending; call it when the trace is complete. */
  get steps(): readonly Step[] {
    this.#sorted ??= [...this.#steps]
      .sort(([one], [other]) => one - other)
      .map(([seq, { entry, parts, units }]) => ({ seq, entry, parts, units: [...units.values()] }));
    return this.#sorted;
  }

  step(seq: number): Step | null {
    const step = this.#steps.get(seq);
    return step === undefined ? null : { ...step, seq, units: [...step.units.values()] };
  }

  /** The units of one group, ascending. */
  units(created: number): readonly Unit[] {
    this.#byGroup ??= this.#collect();
    return this.#byGroup.get(created) ?? [];
  }

  /** What the group that had the name then received at a position. */
  unitNamed(group: string, seq: number): Unit | null {
    const units = this.#steps.get(seq)?.units.values() ?? [];
    return [...units].find((unit) => unit.group === group) ?? null;
  }

  /** Where the log of a group began to be given, as of a position: above this one; 0 while it is whole. */
  floor(created: number, asOf: number): number {
    let floor = 0;
    for (const { entry, seq } of this.steps) {
      if (seq > asOf) break;
      const isCut = entry?.command === 'cut_history' && entry.created === created;
      if (isCut && isUnit(this.units(created), entry.upTo)) floor = Math.max(floor, entry.upTo);
    }
    return floor;
  }

  /** Whether the log of a group was cut just there. */
  isCut(created: number, seq: number): boolean {
    return this.steps.some(
      ({ entry }) =>
        entry?.command === 'cut_history' && entry.created === created && entry.upTo === seq,
    );
  }

  #collect(): ReadonlyMap<number, readonly Unit[]> {
    const groups = new Map<number, Unit[]>();
    for (const { units } of this.steps) {
      for (const unit of units) {
        const before = groups.get(unit.created);
        if (before === undefined) groups.set(unit.created, [unit]);
        else before.push(unit);
      }
    }
    return groups;
  }

  #step(seq: number): Building {
    let step = this.#steps.get(seq);
    if (step === undefined) {
      step = { entry: null, parts: [], units: new Map() };
      this.#steps.set(seq, step);
    }
    return step;
  }
}

function isUnit(units: readonly Unit[], seq: number): boolean {
  return units.some((unit) => unit.seq === seq);
}
