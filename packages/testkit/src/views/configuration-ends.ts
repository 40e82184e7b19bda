/**
 * S33: a configuration has one end. In one round all accept the same, also those who learn of the decision later, and what
 * was decided in one round is what is decided in any other.
 */
import { ViewsChecker } from './checker.ts';
import type { ConfigurationEnd, RecordKind, ViewsRecord } from './vocabulary.ts';

export class ConfigurationEnds extends ViewsChecker {
  readonly property = 'S33';
  readonly promise = 'All who agree on the end of a configuration agree on the same one.';
  override readonly sees: readonly RecordKind[] = ['accepted', 'decided'];
  /** By group, configuration and round, or with no round what was decided: the end that was found first, and where. */
  readonly #ends = new Map<string, { readonly end: string; readonly node: string }>();

  override see(record: ViewsRecord): void {
    if (record.kind !== 'accepted' && record.kind !== 'decided') return;
    const { group, configuration, round } = record;
    this.#compare(`${group} ${configuration} in round ${round}`, record);
    if (record.kind === 'decided') this.#compare(`${group} ${configuration}`, record);
  }

  #compare(key: string, record: ViewsRecord & ConfigurationEnd): void {
    const end = `${record.view} of ${record.members.join(' ')} behind ${record.cut.join(' ')}`;
    const first = this.#ends.get(key);
    if (first === undefined) this.#ends.set(key, { end, node: record.node });
    else if (first.end !== end) {
      const { node, kind } = record;
      this.violated(`${key}: ${first.node} has ${first.end}, ${node} has ${kind} ${end}`, record);
    }
  }
}
