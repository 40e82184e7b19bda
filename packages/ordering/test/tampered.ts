/**
 * Orderings that break one rule on purpose, to prove that its checker sees it. Each is the hostile
 * ordering with one thing about it falsified; what is falsified follows from the entry or the life,
 * so that a fault of the log itself looks the same at every node.
 */

import type { Position } from '@choir/protocol';
import type { Random } from '@choir/testkit';
import type { Rule } from '../src/conformance/index.ts';
import type { Entry, Members, Ordered, Ordering, ReadResult } from '../src/index.ts';
import { HostileSubject } from './hostile-subject.ts';

export type Falsified = {
  readonly rule: Rule;
  readonly what: string;
  /** Wraps a life's ordering; called once for each life. */
  wrap(ordering: Ordering, node: string): Ordering;
};

/** An ordering whose methods are those of another, but for some. */
function altered(ordering: Ordering, instead: Partial<Ordering>): Ordering {
  return {
    submit: (n, bytes) => ordering.submit(n, bytes),
    read: (after, maxBytes) => ordering.read(after, maxBytes),
    status: () => ordering.status(),
    keep: (snapshot) => ordering.keep(snapshot),
    snapshot: () => ordering.snapshot(),
    ...instead,
  };
}

/** Every entry that is read goes through `change`; null drops it. */
function changing(ordering: Ordering, change: (ordered: Ordered) => Ordered | null): Ordering {
  return altered(ordering, {
    read: (after, maxBytes) => {
      const result = ordering.read(after, maxBytes);
      if (result.kind !== 'entries') return result;
      const entries = result.entries.map(change).filter((entry) => entry !== null);
      return entries.length === 0 ? { kind: 'wait' } : { kind: 'entries', entries };
    },
  });
}

const onEntries = (change: (entry: Entry) => Ordered | null) => (ordered: Ordered) =>
  ordered.kind === 'entry' ? change(ordered) : ordered;
const onMembers = (change: (members: Members) => Ordered) => (ordered: Ordered) =>
  ordered.kind === 'members' ? change(ordered) : ordered;

/** True for about one in ten positions, the same everywhere. */
const isChosen = ({ at }: Ordered): boolean => at.seq % 10 === 7;

export const falsified: readonly Falsified[] = [
  {
    rule: 'O1',
    what: 'an entry that was read is not there any more',
    wrap: (ordering) => withholding(ordering),
  },
  {
    rule: 'O2',
    what: 'one node has other bytes at a position',
    wrap: (ordering, node) =>
      changing(
        ordering,
        onEntries((entry) =>
          node === 'a' && isChosen(entry) ? { ...entry, bytes: new Uint8Array(3) } : entry,
        ),
      ),
  },
  {
    rule: 'O2',
    what: 'a position is used for two entries',
    wrap: (ordering) =>
      changing(ordering, (ordered) =>
        isChosen(ordered)
          ? { ...ordered, at: { ...ordered.at, seq: ordered.at.seq - 1 } }
          : ordered,
      ),
  },
  {
    rule: 'O3',
    what: 'time goes back',
    wrap: (ordering) =>
      changing(ordering, (ordered) =>
        isChosen(ordered) ? { ...ordered, time: ordered.time - 100_000 } : ordered,
      ),
  },
  {
    rule: 'O4',
    what: 'a submission appears twice',
    wrap: (ordering) =>
      changing(
        ordering,
        onEntries((entry) => (isChosen(entry) ? { ...entry, n: Math.max(1, entry.n - 1) } : entry)),
      ),
  },
  {
    rule: 'O4',
    what: 'two submissions of a source change places',
    wrap: (ordering) =>
      changing(
        ordering,
        onEntries((entry) => ({ ...entry, n: entry.n % 2 === 0 ? entry.n - 1 : entry.n + 1 })),
      ),
  },
  {
    rule: 'O4',
    what: 'an entry is lost, and its neighbours closed up',
    wrap: (ordering) => closingUp(ordering),
  },
  {
    rule: 'O4',
    what: 'bytes are not those submitted',
    wrap: (ordering) =>
      changing(
        ordering,
        onEntries((entry) => (isChosen(entry) ? { ...entry, bytes: new Uint8Array(1) } : entry)),
      ),
  },
  {
    rule: 'O5',
    what: 'a source goes on after it is gone',
    wrap: (ordering) =>
      changing(
        ordering,
        onMembers((members) => ({ ...members, gone: [...members.gone, ...members.nodes] })),
      ),
  },
  {
    rule: 'O6',
    what: 'one node has other members at a position',
    wrap: (ordering, node) =>
      changing(
        ordering,
        onMembers((members) => ({
          ...members,
          nodes: members.nodes.filter((each) => !each.startsWith(node)),
        })),
      ),
  },
  {
    rule: 'O6',
    what: 'one who is gone is a member',
    wrap: (ordering) =>
      changing(
        ordering,
        onMembers((members) => ({ ...members, nodes: [...members.nodes, ...members.gone] })),
      ),
  },
  {
    rule: 'O7',
    what: 'the floor rises by itself',
    wrap: (ordering) =>
      altered(ordering, {
        status: () => ({ ...ordering.status(), floor: ordering.status().head }),
      }),
  },
  {
    rule: 'O8',
    what: 'a submission is taken and forgotten',
    wrap: (ordering) =>
      altered(ordering, { submit: (n, bytes) => (n > 5 ? 'queued' : ordering.submit(n, bytes)) }),
  },
  {
    rule: 'O8',
    what: 'full is for ever',
    wrap: (ordering) =>
      altered(ordering, { submit: (n, bytes) => (n > 5 ? 'full' : ordering.submit(n, bytes)) }),
  },
  {
    rule: 'O9',
    what: 'a new life begins its readings with a hole',
    wrap: (ordering) => skippingOnce(ordering),
  },
  {
    rule: 'O9',
    what: 'a gap where there is none',
    wrap: (ordering) =>
      altered(ordering, {
        read: (after, maxBytes) =>
          after.seq % 10 === 7
            ? { kind: 'gap', floor: ordering.status().floor }
            : ordering.read(after, maxBytes),
      }),
  },
  {
    rule: 'O9',
    what: 'a state transfer brings a state that nobody had',
    wrap: (ordering) =>
      altered(ordering, {
        snapshot: () => {
          const snapshot = ordering.snapshot();
          return snapshot === null ? null : { ...snapshot, bytes: snapshot.bytes.slice(1) };
        },
      }),
  },
  {
    rule: 'O9',
    what: 'a node stops giving its log',
    wrap: (ordering) =>
      altered(ordering, {
        read: (after, maxBytes) =>
          after.seq > 20 ? { kind: 'wait' } : ordering.read(after, maxBytes),
      }),
  },
];

/** Entries that were read once are passed over from the next reading from the beginning on. */
function withholding(ordering: Ordering): Ordering {
  const shown = new Set<number>();
  let reading = 0;
  return altered(ordering, {
    read: (after, maxBytes) => {
      if (after.seq === 0) reading += 1;
      const result = ordering.read(after, maxBytes);
      if (reading > 1)
        return relinked(result, after, ({ at }) => !(shown.has(at.seq) && at.seq % 10 === 7));
      if (result.kind === 'entries') for (const { at } of result.entries) shown.add(at.seq);
      return result;
    },
  });
}

function closingUp(ordering: Ordering): Ordering {
  return altered(ordering, {
    read: (after, maxBytes) =>
      relinked(
        ordering.read(after, maxBytes),
        after,
        (each) => each.kind === 'members' || !isChosen(each),
      ),
  });
}

/** Only what is to `stay`, each made to follow what now stands before it. */
function relinked(
  result: ReadResult,
  after: Position,
  stay: (ordered: Ordered) => boolean,
): ReadResult {
  if (result.kind !== 'entries') return result;
  const entries: Ordered[] = [];
  let previous = after;
  for (const ordered of result.entries.filter(stay)) {
    entries.push({ ...ordered, previous });
    previous = ordered.at;
  }
  return entries.length === 0 ? { kind: 'wait' } : { kind: 'entries', entries };
}

function skippingOnce(ordering: Ordering): Ordering {
  let hasSkipped = false;
  return altered(ordering, {
    read: (after, maxBytes) => {
      const result = ordering.read(after, maxBytes);
      if (hasSkipped || result.kind !== 'entries' || result.entries.length < 2) return result;
      hasSkipped = true;
      return { kind: 'entries', entries: result.entries.slice(1) };
    },
  });
}

/** The hostile subject with every life wrapped. */
export class TamperedSubject extends HostileSubject {
  readonly #falsified: Falsified;
  readonly #wrapped = new Map<string, { incarnation: string; ordering: Ordering }>();

  constructor(random: Random, falsified: Falsified) {
    super(random);
    this.#falsified = falsified;
  }

  override life(node: string): { incarnation: string; ordering: Ordering } | null {
    const life = super.life(node);
    if (life === null) return null;
    const known = this.#wrapped.get(life.incarnation);
    if (known !== undefined) return known;
    const wrapped = { ...life, ordering: this.#falsified.wrap(life.ordering, node) };
    this.#wrapped.set(life.incarnation, wrapped);
    return wrapped;
  }
}
