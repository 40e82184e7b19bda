/** What is promised of views and of the roll: R1 to R5. */
import type { RecordOf, ToolkitRecord } from '../vocabulary.ts';
import { ToolkitChecker } from './checker.ts';
import { type History, placeText } from './history.ts';

type View = RecordOf<'view'>;

export class SameRoll extends ToolkitChecker {
  readonly property = 'R1';
  readonly promise = 'At one place in the order all who hold the state take the same to hold it.';
  readonly #holders = new Map<string, string>();

  override see(record: ToolkitRecord, history: History): void {
    if (record.kind !== 'told' || record.form !== 'multicast' || record.holders === null) return;
    if (!history.isShared(record)) return;
    const place = `${record.group} ${placeText(record)}`;
    const holders = record.holders.join();
    const first = this.#holders.get(place);
    if (first === undefined) this.#holders.set(place, holders);
    else if (first !== holders) {
      this.violated(`at ${place} the state is held by ${holders}, others say by ${first}`, record);
    }
  }
}

export class NumberedViews extends ToolkitChecker {
  readonly property = 'R2';
  readonly promise =
    'Views are numbered without holes from 1 on; the same number, the same members.';

  override see(record: ToolkitRecord, { groups, stays }: History): void {
    if (record.kind !== 'view') return;
    const { view, node } = record;
    const before = stays.get(node)?.views.at(-2)?.view;
    if (before !== undefined && view !== before + 1) {
      this.violated(`${node} is given view ${view} after ${before}`, record);
    }
    const { views } = groups.get(record.group) ?? {};
    const first = views?.get(view);
    if (first !== undefined && textOf(first) !== textOf(record)) {
      const texts = `${textOf(record)}, others ${textOf(first)}`;
      this.violated(`${node} is given view ${view} of ${texts}`, record);
    }
    if (view > 1 && views?.has(view - 1) !== true) {
      this.violated(`${node} is given view ${view}, and nobody the one before`, record);
    }
  }
}

export class Differences extends ToolkitChecker {
  readonly property = 'R3';
  readonly promise = 'Joined, left and excluded are the difference from the view before.';
  readonly #told = new Map<string, string>();
  readonly #joinedIn = new Map<string, number>();

  override see(record: ToolkitRecord, history: History): void {
    if (record.kind !== 'view') return;
    const stay = history.stays.get(record.node);
    if (stay?.views.length === 1) this.#judgeFirst(record);
    else this.#judgeChange(record, history);
  }

  /** Whoever joins with the state is told of itself. */
  #judgeFirst(record: View): void {
    const { node, joined, left, excluded } = record;
    if (joined.join() !== node || left.length + excluded.length > 0) {
      this.violated(`${node} joins, and is told of ${joined}, ${left}, ${excluded}`, record);
    }
  }

  #judgeChange(record: View, { groups, stays }: History): void {
    const { group, view, members, joined, left, excluded } = record;
    const key = `${group} ${view}`;
    const text = `joined ${joined}, left ${left}, excluded ${excluded}`;
    const first = this.#told.get(key);
    if (first !== undefined) {
      if (first !== text) this.violated(`view ${view}: ${text}, others: ${first}`, record);
      return;
    }
    this.#told.set(key, text);
    const before = groups.get(group)?.views.get(view - 1)?.members ?? [];
    const gone = new Set([...left, ...excluded]);
    const next = [...before.filter((node) => !gone.has(node)), ...joined];
    const isDifference = [...gone].every((node) => before.includes(node));
    if (!isDifference || next.join() !== members.join()) {
      this.violated(`view ${view} of ${members} after ${before}: ${text}`, record);
    }
    for (const node of joined) this.#judgeJoined(node, record);
    for (const node of left) {
      if (stays.get(node)?.isLeaving !== true) {
        this.violated(`${node} has left, and never wished to`, record);
      }
    }
  }

  #judgeJoined(node: string, record: View): void {
    const before = this.#joinedIn.get(node);
    this.#joinedIn.set(node, record.view);
    if (before === undefined) return;
    this.violated(`${node} joins in view ${record.view}, and has joined in ${before}`, record);
  }
}

export class OneLabel extends ToolkitChecker {
  readonly property = 'R4';
  readonly promise = 'No two members of a view have one label.';

  override see(record: ToolkitRecord): void {
    if (record.kind !== 'view' || new Set(record.labels).size === record.labels.length) return;
    this.violated(`view ${record.view} has the labels ${record.labels}`, record);
  }
}

export class Returned extends ToolkitChecker {
  readonly property = 'R5';
  readonly promise = 'Returned is who joins with a label that was in the group before.';

  override see(record: ToolkitRecord, { groups, stays }: History): void {
    if (record.kind !== 'view' || stays.get(record.node)?.views.length === 1) return;
    const { view, members, labels, joined, returned } = record;
    const { views = new Map<number, View>() } = groups.get(record.group) ?? {};
    const labelOf = (node: string): string => labels[members.indexOf(node)] ?? '';
    const wasThere = (label: string): boolean =>
      [...views].some(([number, before]) => number < view && before.labels.includes(label));
    const expected = joined.filter((node) => wasThere(labelOf(node)));
    if (expected.join() === returned.join()) return;
    this.violated(`view ${view}: ${returned} are said to return, ${expected} do`, record);
  }
}

function textOf({ members, labels, observers }: View): string {
  const member = (node: string, at: number): string =>
    [node, labels[at], ...(observers.includes(node) ? ['observes'] : [])].join(' ');
  return members.map(member).join();
}
