/** What is promised of messages: R6 and M1 to M3, M5. */
import type { Place, RecordOf, ToolkitRecord } from '../vocabulary.ts';
import { ToolkitChecker } from './checker.ts';
import { comparePlaces, type History, partsOf, placeText, type Stay } from './history.ts';

type Told = RecordOf<'told'>;

export class SameView extends ToolkitChecker {
  readonly property = 'R6';
  readonly promise =
    'A message is told in the view in which everybody else is told, and its sender is in that view.';
  readonly #views = new Map<string, number>();
  /** How many multicasts each view had, for those who went on to the next. */
  readonly #counts = new Map<string, number>();
  readonly #places = new Map<string, Place>();

  override see(record: ToolkitRecord, { stays }: History): void {
    const stay = stays.get(record.node);
    if (record.kind === 'view') this.#viewed(record, stay);
    if (record.kind === 'told') this.#judge(record, stay);
  }

  #judge(record: Told, stay: Stay | undefined): void {
    const { node, group, view, message, sender, form } = record;
    if (form === 'multicast') this.#places.set(node, record);
    // What was for it alone before it had the state comes behind its first view.
    const isLate = form !== 'multicast' && stay?.views.length === 1;
    const key = `${group} ${message}`;
    const first = this.#views.get(key) ?? view;
    if (!isLate) this.#views.set(key, first);
    if (first !== view && !isLate) {
      this.violated(`${node} is told ${message} in view ${view}, others in ${first}`, record);
    }
    if (stay?.view?.members.includes(sender) !== true) {
      this.violated(`${node} is told ${message}, and its sender is not in view ${view}`, record);
    }
  }

  /** Those who go from one view to the next were told the same number of multicasts. */
  #viewed(record: RecordOf<'view'>, stay: Stay | undefined): void {
    const { node, group, view } = record;
    const before = this.#places.get(node);
    this.#places.set(node, record);
    // An observer does not know how many came before it in its first view.
    const isFromFirst = stay?.observes === true && stay.views.length === 2;
    if (before === undefined || isFromFirst) return;
    const key = `${group} ${view}`;
    const first = this.#counts.get(key);
    if (first === undefined) this.#counts.set(key, before.count);
    else if (first !== before.count) {
      const text = `${node} was told ${before.count} multicasts before view ${view}`;
      this.violated(`${text}, others ${first}`, record);
    }
  }
}

export class TotalOrder extends ToolkitChecker {
  readonly property = 'M1';
  readonly promise =
    'Multicasts come in one order, each once, behind everything that its sender had been told.';
  readonly #at = new Map<string, string>();
  readonly #last = new Map<string, Place>();

  override see(record: ToolkitRecord, history: History): void {
    if (record.kind === 'view') this.#last.set(record.node, record);
    if (record.kind !== 'told') return;
    const { node, group, message } = record;
    const said = history.groups.get(group)?.said.get(message);
    if (said === undefined || said.data !== record.data) {
      this.violated(`${node} is told ${message}, which nobody said so`, record);
    } else if (!isBehind(record, said)) {
      const text = `${message} was said at ${placeText(said)}`;
      this.violated(`${text}, and is told at ${placeText(record)}`, record);
    }
    if (record.form === 'multicast') this.#ordered(record, history.isShared(record));
  }

  #ordered(record: Told, isShared: boolean): void {
    const { node, group, message, view, count } = record;
    const key = `${group} ${placeText(record)}`;
    const first = this.#at.get(key) ?? message;
    if (isShared) this.#at.set(key, first);
    if (isShared && first !== message) {
      this.violated(`${node} is told ${message} at ${key}, others ${first}`, record);
    }
    const last = this.#last.get(node);
    this.#last.set(node, record);
    if (last?.view !== view || last.count !== count - 1) {
      const before = last === undefined ? 'nothing' : placeText(last);
      this.violated(`${node} is told of ${placeText(record)} after ${before}`, record);
    }
  }
}

export class Addressed extends ToolkitChecker {
  readonly property = 'M2';
  readonly promise = 'A direct message reaches its addressees, and they alone are told of it.';
  readonly #told = new Set<string>();

  override see(record: ToolkitRecord, { groups }: History): void {
    if (record.kind !== 'told' || record.form !== 'direct') return;
    const { node, group, message } = record;
    this.#told.add(`${node} ${message}`);
    if (groups.get(group)?.said.get(message)?.to.includes(node) === true) return;
    this.violated(`${node} is told ${message}, which is not for it`, record);
  }

  /** What a member sent that is there in the end has reached all of its members who are. */
  override finish(history: History): void {
    const present = new Set(history.atRest().map(({ node }) => node));
    for (const { said } of history.groups.values()) {
      for (const record of said.values()) {
        if (record.form !== 'direct' || !present.has(record.node)) continue;
        for (const node of record.to) {
          if (!present.has(node) || this.#told.has(`${node} ${record.message}`)) continue;
          this.violated(`${node} was never told ${record.message}`, record);
        }
      }
    }
  }
}

export class Channels extends ToolkitChecker {
  readonly property = 'M3';
  readonly promise = 'A message is told on the channel, and in the form, in which it was said.';

  override see(record: ToolkitRecord, { groups }: History): void {
    if (record.kind !== 'told') return;
    const { node, group, message, channel, form } = record;
    const said = groups.get(group)?.said.get(message);
    if (said === undefined || (said.channel === channel && said.form === form)) return;
    const text = `as ${form} on ${channel}, which was said as ${said.form} on ${said.channel}`;
    this.violated(`${node} is told ${message} ${text}`, record);
  }
}

export class SenderOrder extends ToolkitChecker {
  readonly property = 'M5';
  readonly promise = 'What is handed over goes out in the order in which it was handed over.';
  readonly #last = new Map<string, number>();
  readonly #told = new Set<string>();

  override see(record: ToolkitRecord): void {
    if (record.kind !== 'told') return;
    const { node, message } = record;
    const { sender, n } = partsOf(message);
    if (record.form === 'multicast') this.#told.add(`${node} ${message}`);
    const key = `${node} ${sender}`;
    const last = this.#last.get(key) ?? 0;
    if (n <= last) this.violated(`${node} is told ${message} after ${sender}/${last}`, record);
    else this.#last.set(key, n);
  }

  /** In the end everybody who is there was told what it had multicast. */
  override finish(history: History): void {
    const present = new Set(history.atRest().map(({ node }) => node));
    for (const { said } of history.groups.values()) {
      for (const record of said.values()) {
        const { node, form, message } = record;
        if (form !== 'multicast' || !present.has(node)) continue;
        if (this.#told.has(`${node} ${message}`)) continue;
        this.violated(`${node} was never told its own ${message}`, record);
      }
    }
  }
}

/** Only multicasts are counted in places: they alone have one of their own. */
function isBehind(told: Told, said: Place): boolean {
  const order = comparePlaces(told, said);
  return told.form === 'multicast' ? order > 0 : order >= 0;
}
