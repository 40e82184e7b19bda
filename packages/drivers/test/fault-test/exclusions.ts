// Who was left out of a view by agreement of the others, and whether a fault accounts for it; how long it took to notice a kill.
import { processorOf, type RecordOf, type ViewsRecord } from '@choir/testkit/views';

/** A fault that struck, from and to when, in the time of the recordings. */
export type Struck = {
  readonly fault: string;
  readonly hit: string;
  readonly mayExclude: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly killedAt: number | null;
};

export type Exclusion = {
  readonly node: string;
  readonly view: string;
  readonly t: number;
  /** The fault that accounts for it; null when none does. */
  readonly because: Struck | null;
  /** The longest time before, by its own recording, in which it sent nothing: the machine did not let it run. */
  readonly silentMs: number;
};

/** What a fault did may show this much later: a suspicion, its conviction, the agreement. */
const aftermathMs = 3_000;
/** Silences are looked for so long before an exclusion. */
const beforeMs = 3_000;

export class Exclusions {
  readonly #struck: readonly Struck[];
  readonly #views = new Map<string, RecordOf<'view'>>();
  readonly #seen = new Set<string>();
  readonly all: Exclusion[] = [];
  /** From each kill to the view without the killed, at each survivor that had it in its view. */
  readonly detectionMs: number[] = [];
  /** The newest life of each killed processor, at its kill. */
  readonly #killed = new Map<string, number>();

  readonly #silences = new Map<string, { sentAt: number; longestMs: number; endedAt: number }>();

  constructor(struck: readonly Struck[]) {
    this.#struck = struck;
  }

  see(record: ViewsRecord): void {
    if (record.kind === 'crashed') {
      const { node, t } = record;
      const kill = this.#struck.findLast(
        ({ killedAt, hit }) => killedAt !== null && killedAt <= t && hit === `${processorOf(node)}`,
      );
      if (kill !== undefined) this.#killed.set(node, kill.killedAt ?? t);
    }
    if (record.kind === 'transmitted') this.#sent(record.node, record.t);
    if (record.kind === 'excluded') this.#views.delete(record.node);
    if (record.kind !== 'view') return;
    const before = this.#views.get(record.node);
    this.#views.set(record.node, record);
    const gone = before?.members.filter((member) => !record.members.includes(member)) ?? [];
    for (const node of gone) {
      const killedAt = this.#killed.get(node);
      if (killedAt !== undefined) this.detectionMs.push(record.t - killedAt);
      const key = `${record.view} ${node}`;
      if (record.cause !== 'fault' || this.#seen.has(key)) continue;
      this.#seen.add(key);
      const { t, view } = record;
      const silentMs = this.#silence(node, t);
      this.all.push({ node, view, t, because: this.#reason(node, t), silentMs });
    }
  }

  #sent(node: string, t: number): void {
    const known = this.#silences.get(node) ?? { sentAt: t, longestMs: 0, endedAt: t };
    this.#silences.set(node, known);
    const silentMs = t - known.sentAt;
    if (silentMs >= known.longestMs || t - known.endedAt > beforeMs) {
      known.longestMs = silentMs;
      known.endedAt = t;
    }
    known.sentAt = t;
  }

  #silence(node: string, t: number): number {
    const known = this.#silences.get(node);
    return known === undefined ? 0 : Math.max(known.longestMs, t - known.sentAt);
  }

  #reason(node: string, t: number): Struck | null {
    const processor = processorOf(node);
    return (
      this.#struck.findLast(
        ({ mayExclude, from, to }) =>
          mayExclude.includes(processor) && t >= from && t <= to + aftermathMs,
      ) ?? null
    );
  }
}
