/** What a run has come to so far: who was in which group, in which views, and who said what. */
import type { Place, RecordOf, ToolkitRecord } from '../vocabulary.ts';
import type { CutOff } from './cut-off.ts';

/** One incarnation in its group. */
export class Stay {
  readonly node: string;
  readonly processor: number;
  readonly label: string;
  /** Whether it keeps no state. */
  readonly observes: boolean;
  /** Null until it was given a view. */
  group: number | null = null;
  readonly views: RecordOf<'view'>[] = [];
  /** The views of FTMP that it was given. */
  readonly grounds: RecordOf<'installed'>[] = [];
  isLeaving = false;
  /** How it ended, if it has: crashed, stopped, or out of the group. */
  end: RecordOf<'crashed' | 'stopped' | 'left' | 'excluded'> | null = null;

  constructor({ node, processor, label, observes }: RecordOf<'started'>) {
    this.node = node;
    this.processor = processor;
    this.label = label;
    this.observes = observes;
  }

  /** Its present view, in which its application stands. */
  get view(): RecordOf<'view'> | null {
    return this.views.at(-1) ?? null;
  }
}

export class GroupHistory {
  readonly number: number;
  /** As whoever was told of it first was told. */
  readonly views = new Map<number, RecordOf<'view'>>();
  readonly said = new Map<string, RecordOf<'said'>>();
  /** Where each multicast was told, the first time, to somebody with the state. */
  readonly places = new Map<string, Place>();

  constructor(number: number) {
    this.number = number;
  }
}

export class History {
  /** Null while that is not known yet. */
  readonly cutOff: CutOff | null;
  readonly stays = new Map<string, Stay>();
  readonly groups = new Map<number, GroupHistory>();
  stable: RecordOf<'stable'> | null = null;
  isQuiet = false;

  constructor(cutOff: CutOff | null = null) {
    this.cutOff = cutOff;
  }

  see(record: ToolkitRecord): void {
    const stay = this.stays.get(record.node);
    switch (record.kind) {
      case 'started':
        this.stays.set(record.node, new Stay(record));
        return;
      case 'crashed':
      case 'stopped':
      case 'left':
      case 'excluded':
        if (stay !== undefined) stay.end ??= record;
        return;
      case 'leaving':
        if (stay !== undefined) stay.isLeaving = true;
        return;
      case 'installed':
        if (stay !== undefined) stay.group = record.group;
        stay?.grounds.push(record);
        return;
      case 'view':
        this.#viewed(record, stay);
        return;
      case 'said':
        this.group(record.group).said.set(record.message, record);
        return;
      case 'told':
        if (stay?.observes === false && this.isShared(record)) this.#told(record);
        return;
      case 'stable':
        this.stable = record;
        return;
      case 'phase':
        this.isQuiet = record.phase === 'quiet';
        return;
      default:
    }
  }

  group(number: number): GroupHistory {
    const known = this.groups.get(number);
    if (known !== undefined) return known;
    const group = new GroupHistory(number);
    this.groups.set(number, group);
    return group;
  }

  /** Those who run in the group that was brought to rest, when it was. */
  atRest(): readonly Stay[] {
    const { stable } = this;
    if (stable === null || !this.isQuiet) return [];
    const processors = new Set(stable.processors);
    return [...this.stays.values()].filter(
      ({ end, group, processor }) =>
        end === null && group === stable.group && processors.has(`p${processor}`),
    );
  }

  /** Whether the others went through this place of the record's member as it did. */
  isShared(record: Place & { readonly node: string }): boolean {
    return this.cutOff?.isShared(record) !== false;
  }

  #viewed(record: RecordOf<'view'>, stay: Stay | undefined): void {
    const { views } = this.group(record.group);
    if (!views.has(record.view)) views.set(record.view, record);
    stay?.views.push(record);
  }

  #told({ group, form, message, view, count }: RecordOf<'told'>): void {
    if (form !== 'multicast') return;
    const { places } = this.group(group);
    if (!places.has(message)) places.set(message, { view, count });
  }
}

/** How a place is written. */
export function placeText({ view, count }: Place): string {
  return `${view}:${count}`;
}

/** Negative when `one` is before `other`. */
export function comparePlaces(one: Place, other: Place): number {
  return one.view - other.view || one.count - other.count;
}

/** The sender of a message, and as its how manyth. */
export function partsOf(message: string): { readonly sender: string; readonly n: number } {
  const at = message.lastIndexOf('/');
  return { sender: message.slice(0, at), n: Number(message.slice(at + 1)) };
}
