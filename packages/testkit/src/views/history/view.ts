/** A view of a group, and the time that a process spent in one. */
import { processorOf, type RecordOf, rankOf } from '../vocabulary.ts';
import type { Delivery } from './delivery.ts';
import type { Stay } from './stay.ts';

export class View {
  readonly id: string;
  readonly timestamp: number;
  readonly processor: number;
  readonly members: ReadonlySet<string>;
  readonly primary: boolean;
  /** The first record of it. */
  readonly record: RecordOf<'view'>;
  /** Of every process that was given it, in the order of the trace. */
  readonly periods: Period[] = [];

  constructor(record: RecordOf<'view'>) {
    this.id = record.view;
    const slash = record.view.indexOf('/');
    this.timestamp = Number(record.view.slice(0, slash));
    this.processor = rankOf(record.view.slice(slash + 1));
    this.members = new Set(record.members);
    this.primary = record.primary;
    this.record = record;
  }

  /** The member that is an incarnation of this processor, if there is one. */
  incarnationOf(processor: number): string | null {
    for (const member of this.members) if (processorOf(member) === processor) return member;
    return null;
  }

  /** Whether ids put this view before the other. */
  isBefore(other: View): boolean {
    if (this.timestamp !== other.timestamp) return this.timestamp < other.timestamp;
    return this.processor < other.processor;
  }
}

/** One process in one view. */
export class Period {
  readonly stay: Stay;
  readonly view: View;
  readonly record: RecordOf<'view'>;
  readonly previous: Period | null;
  next: Period | null = null;
  readonly deliveries: Delivery[] = [];
  /** Without whom the configuration of this view ends for this process, which knows it before the next view. */
  readonly convicted = new Set<string>();

  constructor(stay: Stay, view: View, record: RecordOf<'view'>, previous: Period | null) {
    this.stay = stay;
    this.view = view;
    this.record = record;
    this.previous = previous;
  }

  get node(): string {
    return this.stay.node;
  }

  /**
   * Whether the others may have gone on without what this process did last in the view: it crashed or
   * was excluded here, went on in no primary view, or was left behind.
   */
  get isCutOff(): boolean {
    if (this.next === null) {
      const how = this.stay.end?.kind;
      if (how === 'crashed' || how === 'excluded') return true;
    } else if (this.view.primary && !this.next.view.primary) {
      return true;
    }
    return this.#isLeftBehind;
  }

  /**
   * By a fault view without this process; or by the view of a change before that, when all who were given it had convicted
   * this process already: it came with the end of the configuration. In the order it comes to nobody before this
   * process has acknowledged it, with everything before it.
   */
  get #isLeftBehind(): boolean {
    const { node } = this;
    const onward = this.view.periods.filter(({ next }) => next !== null);
    if (onward.some(({ next }) => next?.record.cause === 'fault' && !next.view.members.has(node)))
      return true;
    return (
      onward.length > 0 &&
      onward.every(({ next, convicted }) => convicted.has(node) && next?.view.members.has(node))
    );
  }
}
