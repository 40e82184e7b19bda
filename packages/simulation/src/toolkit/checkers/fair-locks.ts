/**
 * B2: fenced locks. A lock with a queue, as simple as can be, goes through what was said about locks, and through the views; each grant
 * that a member was told of has to be that of the queue.
 */
import type { RecordOf, ToolkitRecord } from '../vocabulary.ts';
import { ToolkitChecker } from './checker.ts';
import { comparePlaces, type GroupHistory, type History, placeText } from './history.ts';

type Claimed = RecordOf<'claimed'>;
type Granted = RecordOf<'granted'>;

/** Who asked, and under which number. */
type Claim = { readonly owner: string; readonly number: number };

export class FairLocks extends ToolkitChecker {
  readonly property = 'B2';
  readonly promise =
    'A lock has one holder at a time, in the order of asking; each grant has a larger fence than all before it.';
  /** By the message that says so. */
  readonly #claims = new Map<string, Claimed>();
  readonly #grants: Granted[] = [];

  override see(record: ToolkitRecord): void {
    if (record.kind === 'claimed') this.#claims.set(record.message, record);
    if (record.kind === 'granted') this.#grants.push(record);
  }

  override finish({ groups }: History): void {
    for (const group of groups.values()) {
      const expected = this.#expected(group);
      const told = this.#grants.filter((grant) => grant.group === group.number);
      this.#judgeFences(told);
      for (const grant of told) {
        const text = textOf(grant);
        if (expected.get(placeText(grant))?.has(text) === true) continue;
        this.violated(`${grant.node} is told of ${text}, whose turn it is not`, grant);
      }
      this.#judgeComplete(expected, told);
    }
  }

  /** The grants at each place, by a lock with a queue. */
  #expected(group: GroupHistory): ReadonlyMap<string, ReadonlySet<string>> {
    const queues = new Map<string, Claim[]>();
    const grants = new Map<string, Set<string>>();
    for (const step of this.#steps(group)) {
      const before = new Map([...queues].map(([lock, [holder]]) => [lock, holder]));
      if ('claimed' in step) apply(queues, step.claimed);
      else leave(queues, step.gone);
      for (const [lock, [holder]] of queues) {
        if (holder === undefined || holder === before.get(lock)) continue;
        const text = textOf({ lock, ...holder });
        grants.set(step.place, (grants.get(step.place) ?? new Set()).add(text));
      }
    }
    return grants;
  }

  /** Views and what was said about locks, in the order in which all were told of them. */
  #steps({ number, views, places }: GroupHistory): readonly Step[] {
    const told = [...places].flatMap(([message, place]) => {
      const claimed = this.#claims.get(message);
      return claimed?.group === number ? [{ place, claimed }] : [];
    });
    // A view that somebody joined with was told to others as a change, or has nobody gone.
    const changes = [...views.values()].map(({ view, left, excluded }) => ({
      place: { view, count: 0 },
      gone: [...left, ...excluded],
    }));
    return [...told, ...changes]
      .sort((one, other) => comparePlaces(one.place, other.place))
      .map((step) => ({ ...step, place: placeText(step.place) }));
  }

  /** One fence, one grant; fences grow from place to place. */
  #judgeFences(told: readonly Granted[]): void {
    const byFence = new Map<number, Granted>();
    for (const grant of told) {
      const first = byFence.get(grant.fence);
      if (first === undefined) byFence.set(grant.fence, grant);
      else if (textOf(first) !== textOf(grant) || comparePlaces(first, grant) !== 0) {
        const other = `${textOf(first)} at ${placeText(first)}`;
        this.violated(`${grant.node} is told of ${textOf(grant)}, others of ${other}`, grant);
      }
    }
    let last: Granted | null = null;
    for (const [, grant] of [...byFence].sort(([one], [other]) => one - other)) {
      if (last !== null && comparePlaces(last, grant) > 0) {
        this.violated(`fence ${grant.fence} was granted before fence ${last.fence}`, grant);
      }
      last = grant;
    }
  }

  /** Who tells of a grant at a place tells of all that are there. */
  #judgeComplete(
    expected: ReadonlyMap<string, ReadonlySet<string>>,
    told: readonly Granted[],
  ): void {
    const all = new Map<string, Set<string>>();
    for (const grant of told) {
      const place = placeText(grant);
      all.set(place, (all.get(place) ?? new Set()).add(textOf(grant)));
    }
    for (const [place, texts] of expected) {
      for (const text of texts) {
        if (all.get(place)?.has(text) !== true) this.violated(`${text} was due at ${place}`);
      }
    }
  }
}

type Step = { readonly place: string } & (
  | { readonly claimed: Claimed }
  | { readonly gone: readonly string[] }
);

function apply(queues: Map<string, Claim[]>, { node, operation, lock, number }: Claimed): void {
  const queue = queues.get(lock) ?? [];
  const isIt = (claim: Claim): boolean => claim.owner === node && claim.number === number;
  if (operation === 'release')
    queues.set(
      lock,
      queue.filter((claim) => !isIt(claim)),
    );
  else if (!queue.some(isIt)) queues.set(lock, [...queue, { owner: node, number }]);
}

function leave(queues: Map<string, Claim[]>, gone: readonly string[]): void {
  for (const [lock, queue] of queues) {
    queues.set(
      lock,
      queue.filter(({ owner }) => !gone.includes(owner)),
    );
  }
}

function textOf({ lock, owner, number }: Claim & { readonly lock: string }): string {
  return `${lock} for ${owner} (${number})`;
}
