/**
 * S33: a configuration has one end. In one round all accept the same; and what was decided in one round is what is accepted in every
 * later one, and decided in any other.
 */
import { ViewsChecker } from './checker.ts';
import type { ConfigurationEnd, RecordKind, ViewsRecord } from './vocabulary.ts';

type End = ViewsRecord & ConfigurationEnd;

export class ConfigurationEnds extends ViewsChecker {
  readonly property = 'S33';
  readonly promise = 'All who agree on the end of a configuration agree on the same one.';
  override readonly sees: readonly RecordKind[] = ['accepted', 'decided'];
  /** By group and configuration: what was accepted first in each round, and the decision of the lowest round. */
  readonly #accepted = new Map<string, Map<number, End>>();
  readonly #decided = new Map<string, End>();

  override see(record: ViewsRecord): void {
    if (record.kind !== 'accepted' && record.kind !== 'decided') return;
    const key = `${record.group} ${record.configuration}`;
    const rounds = this.#accepted.get(key) ?? new Map<number, End>();
    this.#accepted.set(key, rounds);
    const first = rounds.get(record.round);
    if (first === undefined) rounds.set(record.round, record);
    else this.#compare(first, record);
    if (record.kind === 'accepted') return;
    const known = this.#decided.get(key);
    if (known !== undefined) this.#compare(known, record);
    if (known === undefined || record.round < known.round) this.#decided.set(key, record);
  }

  override finish(): void {
    for (const [key, decided] of this.#decided) {
      for (const [round, accepted] of this.#accepted.get(key) ?? []) {
        if (round > decided.round) this.#compare(decided, accepted);
      }
    }
  }

  #compare(one: End, other: End): void {
    if (textOf(one) === textOf(other)) return;
    const what = [one, other].map(
      (end) => `${end.node} has ${end.kind} ${textOf(end)} in round ${end.round}`,
    );
    this.violated(`in ${one.configuration} ${what.join(', ')}`, other);
  }
}

function textOf({ view, members, cut }: End): string {
  return `${view} of ${members.join(' ')} behind ${cut.join(' ')}`;
}
