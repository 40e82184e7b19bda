/**
 * The roll: who is in the group, since when, and who lacks the state. A function of the order (R1): whoever has the same roll and takes
 * the same views and messages of FTMP has the same roll afterwards.
 *
 * R2 Views are numbered without holes.
 *    Who was admitted joins at the marker of its first transfer, so that it is told of everything in its first view.
 * R3 Joined, left, excluded and returned are the difference from the view before.
 * R4 No two members have one label.
 * R5 Returned is whose label was in the group before, among the labels that are remembered.
 */
import type { ProcessorId, View } from '@choir/ftmp';
import { membersMax, pastMax } from './limits.ts';
import type { GroupView, Member } from './member.ts';
import { type MessageOf, type RefusalReason, toolkitVersion } from './message.ts';

/** What whoever lacks the state found its providers to be. Silence may be the network's: who is silent is asked again when nobody else is left (T3). */
export const findings = ['silent', 'unable'] as const;
export type Finding = (typeof findings)[number];

/** Who was admitted; `lacks` null: it has the state, else what it found of providers. */
export type Entry = Member & {
  /** It keeps no state: `lacks` is about the roll alone (O3). */
  readonly observes: boolean;
  /** Whether it is in the view: from the place on at which a marker is for it. */
  readonly isIn: boolean;
  /** Its label was in the group before it came (R5). */
  readonly returned: boolean;
  readonly lacks: ReadonlyMap<ProcessorId, Finding> | null;
};

export type Admission =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }
  /** It was admitted before. */
  | { readonly kind: 'known' };

const nothing: Omit<GroupView, 'number' | 'members' | 'holders' | 'observers'> = {
  joined: [],
  returned: [],
  left: [],
  excluded: [],
};

/** Everything that the roll says, for the state and for comparing. */
export type RollRecord = {
  readonly name: string;
  readonly number: number;
  readonly entries: readonly Entry[];
  readonly past: readonly string[];
};

export class Roll {
  readonly name: string;
  #number: number;
  /** Members in the order in which they joined; those who were admitted and have not joined yet, between them. */
  readonly #entries = new Map<ProcessorId, Entry>();
  /** Those of the entries who are in the view; null until they are asked for. */
  #members: readonly Member[] | null = null;
  /** Labels of those who went, those that went first at the front. */
  readonly #past = new Set<string>();

  constructor({ name, number, entries, past }: RollRecord) {
    this.name = name;
    this.#number = number;
    for (const entry of entries) this.#entries.set(entry.id, entry);
    for (const label of past) this.#past.add(label);
  }

  get record(): RollRecord {
    const entries = [...this.#entries.values()];
    return { name: this.name, number: this.#number, entries, past: [...this.#past] };
  }

  get members(): readonly Member[] {
    this.#members ??= this.#membersWho(() => true);
    return this.#members;
  }

  /** Whether it is in the view. */
  has(id: ProcessorId): boolean {
    return this.#entries.get(id)?.isIn === true;
  }

  /** Whether it was admitted, in the view or not. */
  knows(id: ProcessorId): boolean {
    return this.#entries.has(id);
  }

  /** The present view, as this member is given it that joined with the state. */
  viewOf(self: ProcessorId): GroupView {
    const isSelf = ({ id }: Member): boolean => id === self;
    const joined = this.members.filter(isSelf);
    const returned = this.#entries.get(self)?.returned === true ? joined : [];
    return { ...this.#unchanged, joined, returned };
  }

  /** Takes a view of FTMP; the view of the group that it makes, or null when no member is gone. */
  take({ members, cause }: View): GroupView | null {
    const present = new Set(members);
    const gone = this.members.filter(({ id }) => !present.has(id));
    for (const id of this.#entries.keys()) if (!present.has(id)) this.#entries.delete(id);
    if (gone.length === 0) return null;
    for (const { label } of gone) this.#remember(label);
    return this.#next(cause === 'fault' ? { excluded: gone } : { left: gone });
  }

  /** A processor of the view of FTMP said hello. */
  hello(id: ProcessorId, { version, name, label, observes }: MessageOf<'hello'>): Admission {
    if (this.#entries.has(id)) return { kind: 'known' };
    const reason = this.#reasonAgainst(version, name, label);
    if (reason !== null) return { kind: 'refused', reason };
    const lacks = new Map<ProcessorId, Finding>();
    this.#entries.set(id, { id, label, observes, isIn: false, returned: false, lacks });
    return { kind: 'admitted' };
  }

  /** A marker of this provider's is for these: the view that it makes, or null when all were in it before. */
  join(ids: readonly ProcessorId[], provider: ProcessorId): GroupView | null {
    const joined: Member[] = [];
    const returned: Member[] = [];
    for (const id of ids) {
      const entry = this.#entries.get(id);
      if (entry === undefined || entry.isIn || this.providerOf(id) !== provider) continue;
      const member = { id, label: entry.label };
      const isBack = this.#past.delete(entry.label);
      // Behind those who joined before it, though they may have been admitted after it.
      this.#entries.delete(id);
      this.#entries.set(id, { ...entry, isIn: true, returned: isBack });
      joined.push(member);
      if (isBack) returned.push(member);
    }
    return joined.length === 0 ? null : this.#next({ joined, returned });
  }

  /** A member lacks the state no more. */
  held(id: ProcessorId): void {
    this.#lack(id, () => null);
  }

  /** Who lacks the state found this provider unable. */
  unable(id: ProcessorId, provider: ProcessorId): void {
    this.#find(id, provider, 'unable');
  }

  /** As `unable`, for a time: when all were asked, those who were silent are asked again, from the first on (T3). */
  silent(id: ProcessorId, provider: ProcessorId): void {
    this.#find(id, provider, 'silent');
    this.#lack(id, (found) => {
      if (this.holders.some((holder) => !found.has(holder))) return found;
      return new Map([...found].filter(([, finding]) => finding === 'unable'));
    });
  }

  /** Nobody who lacks the state gets it from this provider; the roll it has. */
  failed(provider: ProcessorId): void {
    for (const { id } of this.lacking) if (!this.observes(id)) this.unable(id, provider);
  }

  get holders(): readonly ProcessorId[] {
    return [...this.#entries.values()].filter(holds).map(({ id }) => id);
  }

  /** Whether it keeps no state (O3). */
  observes(id: ProcessorId): boolean {
    return this.#entries.get(id)?.observes === true;
  }

  get lacking(): readonly Member[] {
    return [...this.#entries.values()].filter(({ lacks }) => lacks !== null);
  }

  /** Who provides a member that lacks the state with it; null when all who hold it were found unable. */
  providerOf(member: ProcessorId): ProcessorId | null {
    const found = this.#entries.get(member)?.lacks;
    if (found === null || found === undefined) return null;
    const { holders } = this;
    const next = holders.find((id) => !found.has(id));
    return next ?? holders.find((id) => found.get(id) === 'silent') ?? null;
  }

  #membersWho(are: (entry: Entry) => boolean): readonly Member[] {
    const members = [...this.#entries.values()].filter((entry) => entry.isIn && are(entry));
    return members.map(({ id, label }) => ({ id, label }));
  }

  /** Who is on the roll no more is forgotten. */
  #find(id: ProcessorId, provider: ProcessorId, finding: Finding): void {
    this.#lack(id, (before) => {
      const found = new Map([...before].filter(([one]) => this.#entries.has(one)));
      if (this.#entries.has(provider) && found.get(provider) !== 'unable') {
        found.set(provider, finding);
      }
      return found;
    });
  }

  #lack(
    id: ProcessorId,
    next: (found: ReadonlyMap<ProcessorId, Finding>) => ReadonlyMap<ProcessorId, Finding> | null,
  ): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.lacks === null) return;
    this.#entries.set(id, { ...entry, lacks: next(entry.lacks) });
  }

  #reasonAgainst(version: number, name: string, label: string): RefusalReason | null {
    if (version !== toolkitVersion) return 'version';
    if (name !== this.name) return 'name';
    if (this.#entries.size >= membersMax) return 'full';
    return [...this.#entries.values()].some((one) => one.label === label) ? 'label-taken' : null;
  }

  #remember(label: string): void {
    this.#past.add(label);
    for (const oldest of this.#past) {
      if (this.#past.size <= pastMax) return;
      this.#past.delete(oldest);
    }
  }

  #next(change: Partial<typeof nothing>): GroupView {
    this.#members = null;
    this.#number += 1;
    return { ...this.#unchanged, ...change };
  }

  get #unchanged(): GroupView {
    return {
      number: this.#number,
      members: this.members,
      holders: this.#membersWho(holds),
      observers: this.#membersWho(({ observes }) => observes),
      ...nothing,
    };
  }
}

function holds({ observes, lacks }: Entry): boolean {
  return !observes && lacks === null;
}

/** The roll of a group that has just been made. */
export function foundedBy(member: Member, name: string): Roll {
  return new Roll({
    name,
    number: 1,
    entries: [{ ...member, observes: false, isIn: true, returned: false, lacks: null }],
    past: [],
  });
}
