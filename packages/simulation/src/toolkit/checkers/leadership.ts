/** B3: who leads follows from the views. */
import type { RecordOf, ToolkitRecord } from '../vocabulary.ts';
import { ToolkitChecker } from './checker.ts';
import type { History } from './history.ts';

type Leads = RecordOf<'leads'>;

export class OneLeader extends ToolkitChecker {
  readonly property = 'B3';
  readonly promise =
    'In a view all have one leader, which leads until it goes; the next is the first that holds the state, in a term of its own.';
  readonly #reigns = new Map<string, Leads>();

  override see(record: ToolkitRecord, history: History): void {
    if (record.kind !== 'leads') return;
    const { group, view, node, leader, term } = record;
    const first = this.#reigns.get(`${group} ${view}`);
    if (first === undefined) {
      this.#reigns.set(`${group} ${view}`, record);
      this.#judge(record, history);
    } else if (first.leader !== leader || first.term !== term) {
      const others = `${first.leader} in term ${first.term}`;
      this.violated(
        `in view ${view} ${node} has leader ${leader} in term ${term}, others ${others}`,
        record,
      );
    }
  }

  #judge(record: Leads, { groups }: History): void {
    const { group, view: number, leader, term } = record;
    const view = groups.get(group)?.views.get(number);
    if (view === undefined) return;
    const before = this.#reigns.get(`${group} ${number - 1}`);
    const stays = before !== undefined && view.members.includes(before.leader);
    // Whoever joins first in a run of views that nobody else went through: what was before is not known.
    if (before === undefined && number > 1) return;
    const [next = ''] = [
      ...view.holders,
      ...view.members.filter((node) => !view.observers.includes(node)),
    ];
    const expected = stays ? before : { leader: next, term: number };
    if (expected.leader === leader && expected.term === term) return;
    const text = `in view ${number} ${leader} leads in term ${term}`;
    this.violated(
      `${text}, and it is the turn of ${expected.leader} in term ${expected.term}`,
      record,
    );
  }
}
