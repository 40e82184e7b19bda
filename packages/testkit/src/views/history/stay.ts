/** One process in a group, from its first view there to the end. */
import { processorOf, type RecordOf } from '../vocabulary.ts';
import { Period, type View } from './view.ts';

export type Ending = RecordOf<'crashed' | 'stopped' | 'left' | 'excluded'>;

export class Stay {
  readonly node: string;
  readonly processor: number;
  readonly first: Period;
  last: Period;
  /** How it ended; null while it goes on. */
  end: Ending | null = null;
  /** Those it waits for no more, for good: who comes back is another incarnation. */
  readonly convicted = new Set<string>();
  /** How many messages of each sender, by the sender's number, it knows of by order or by hearsay. */
  readonly known: number[] = [];

  constructor(node: string, view: View, record: RecordOf<'view'>) {
    this.node = node;
    this.processor = processorOf(node);
    this.first = new Period(this, view, record, null);
    this.last = this.first;
    view.periods.push(this.first);
  }

  enter(view: View, record: RecordOf<'view'>): void {
    const period = new Period(this, view, record, this.last);
    // The fault view is the end of that.
    if (record.cause !== 'fault') for (const who of this.last.convicted) period.convicted.add(who);
    this.last.next = period;
    this.last = period;
    view.periods.push(period);
  }

  /** The configuration ends without this process; the changes that belong to it may still make views, up to the fault view. */
  convict(who: string): void {
    this.convicted.add(who);
    this.last.convicted.add(who);
  }

  *periods(): Generator<Period> {
    for (let period: Period | null = this.first; period !== null; period = period.next) {
      yield period;
    }
  }
}
