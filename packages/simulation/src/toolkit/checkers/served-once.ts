/**
 * B4: logical connections. A naive model goes through what was said about them; what each member knew when it joined, what its service was given, and each
 * reply that it was told of have to be the model's.
 */
import type { Place, RecordOf, ToolkitRecord } from '../vocabulary.ts';
import { ToolkitChecker } from './checker.ts';
import { ConnectionModel, type Outcome } from './connection-model.ts';
import { comparePlaces, type GroupHistory, type History, placeText } from './history.ts';

type Connected = RecordOf<'connected'>;

/** What one member saw and did. */
type Part = {
  /** Of its first view; null when that never came. */
  connected: Connected | null;
  /** Where it took the state over, the last time. */
  restored: Place | null;
  readonly served: RecordOf<'served'>[];
  readonly replied: RecordOf<'replied'>[];
  /** Up to here it went with the others. */
  last: Place | null;
};

type Step = { readonly place: Place; readonly outcome: Exclude<Outcome, { kind: 'nothing' }> };

export class ServedOnce extends ToolkitChecker {
  readonly property = 'B4';
  readonly promise =
    'A service is given each request once and in order, with what waits when it joins; each has one reply, which every call of it ends with.';
  /** By the message that says so. */
  readonly #said = new Map<string, RecordOf<'connection'>>();
  readonly #parts = new Map<string, Part>();
  /** Whether those serve whose state was taken, by group and place. */
  readonly #providers = new Map<string, Set<boolean>>();
  readonly #open = new Map<string, RecordOf<'called'>>();
  readonly #asked = new Map<string, RecordOf<'called'>>();
  readonly #ended: RecordOf<'ended'>[] = [];

  override see(record: ToolkitRecord, history: History): void {
    switch (record.kind) {
      case 'connection':
        this.#said.set(record.message, record);
        return;
      case 'connected':
        this.#part(record.node).connected = record;
        return;
      case 'served':
        this.#part(record.node).served.push(record);
        return;
      case 'replied':
        this.#part(record.node).replied.push(record);
        return;
      case 'snapshot':
        this.#provided(record);
        return;
      case 'restored':
        if (record.taken) this.#part(record.node).restored = record;
        return;
      case 'told':
        if (record.form === 'multicast' && history.isShared(record)) {
          this.#part(record.node).last = record;
        }
        return;
      case 'called':
        this.#open.set(record.call, record);
        this.#asked.set(record.call, record);
        return;
      case 'ended':
        this.#open.delete(record.call);
        if (record.how === 'replied') this.#ended.push(record);
        return;
      default:
    }
  }

  override finish(history: History): void {
    for (const group of history.groups.values()) this.#judgeGroup(group);
    const present = new Set(history.atRest().map(({ node }) => node));
    const isServed = [...present].some((node) => this.#parts.get(node)?.connected?.serves === true);
    for (const record of this.#open.values()) {
      const { node, connection, number } = record;
      if (!isServed || !present.has(node)) continue;
      this.violated(`the call ${connection} ${number} of ${node} has not ended`, record);
    }
  }

  #judgeGroup(group: GroupHistory): void {
    const model = new ConnectionModel();
    const steps: Step[] = [];
    const waiting = new Map<string, readonly string[]>();
    const joined = this.#joinedIn(group.number);
    const said = this.#saidIn(group);
    for (const { place, record } of said) {
      while (joined[0] !== undefined && comparePlaces(joined[0], place) < 0) {
        this.#begin(joined.shift(), model, waiting);
      }
      const outcome = model.apply(record);
      if (outcome.kind !== 'nothing') steps.push({ place, outcome });
    }
    while (joined.length > 0) this.#begin(joined.shift(), model, waiting);
    for (const [node, part] of this.#parts) {
      if (part.connected?.group !== group.number) continue;
      this.#judgeServed(part, part.connected, { steps, waiting: waiting.get(node) ?? [] });
      this.#judgeReplied(part, part.connected, steps);
    }
    this.#judgeEnded(group.number, steps);
  }

  /** A member's first view: it knows what the model knows there. */
  #begin(
    record: Connected | undefined,
    model: ConnectionModel,
    waiting: Map<string, readonly string[]>,
  ): void {
    if (record === undefined) return;
    waiting.set(record.node, [...model.waiting]);
    const names = record.taken.map((taken) => taken.slice(0, taken.lastIndexOf(' ')));
    for (const [what, known, right] of [
      ['was taken', record.taken, names.map((name) => model.taken(name))],
      ['waits', record.waiting, model.waiting],
      ['was replied', record.replies.toSorted(), model.replies.toSorted()],
    ] as const) {
      if (known.join() === right.join()) continue;
      this.violated(
        `${record.node} joins and takes ${known} for what ${what}, not ${right}`,
        record,
      );
    }
  }

  #judgeServed(
    { served, last, restored }: Part,
    connected: Connected,
    { steps, waiting }: { readonly steps: readonly Step[]; readonly waiting: readonly string[] },
  ): void {
    // A service with a state is at all members: nothing waits for it.
    const first = { place: placeText(connected), total: 0 };
    const given = this.#isGiven(connected, restored) ? [] : waiting;
    const expected = connected.serves
      ? [
          ...given.map((request) => ({ ...first, request })),
          ...between(steps, connected, last).flatMap(({ place, outcome }) =>
            outcome.kind === 'taken' ? [{ ...outcome, place: placeText(place) }] : [],
          ),
        ]
      : [];
    for (const [index, record] of served.entries()) {
      const { node, connection, number, total } = record;
      const due = expected[index];
      const is = `${connection} ${number} at ${placeText(record)}`;
      const right = due === undefined ? 'nothing' : `${due.request} at ${due.place}`;
      if (is !== right) {
        this.violated(`the service of ${node} is given ${is}, and ${right} was due`, record);
        return;
      }
      if (total !== 0 && total !== due?.total) {
        this.violated(`the state of ${node} is of ${total} requests, not ${due?.total}`, record);
      }
    }
    const missing = expected[served.length];
    if (missing === undefined) return;
    const text = `${missing.request}, which was due at ${missing.place}`;
    this.violated(`the service of ${connected.node} was not given ${text}`, connected);
  }

  #judgeReplied({ replied, last }: Part, connected: Connected, steps: readonly Step[]): void {
    const due = between(steps, connected, last).flatMap(({ place, outcome }) =>
      outcome.kind === 'replied'
        ? [`${outcome.request} ${outcome.data} at ${placeText(place)}`]
        : [],
    );
    const isDue = new Set(due);
    const told = new Set<string>();
    for (const record of replied) {
      const { node, connection, number, data } = record;
      const text = `${connection} ${number} ${data} at ${placeText(record)}`;
      told.add(text);
      if (!isDue.has(text)) this.violated(`${node} takes ${text} for a reply`, record);
    }
    for (const text of due) {
      if (!told.has(text)) this.violated(`${connected.node} was not told ${text}`, connected);
    }
  }

  /** A call ends with a reply that all have. */
  #judgeEnded(group: number, steps: readonly Step[]): void {
    const replies = new Set(
      steps.flatMap(({ outcome }) =>
        outcome.kind === 'replied' ? [`${outcome.request} ${outcome.data}`] : [],
      ),
    );
    for (const record of this.#ended) {
      const called = this.#asked.get(record.call);
      if (record.group !== group || called === undefined) continue;
      const text = `${called.connection} ${called.number} ${record.data}`;
      if (!replies.has(text)) this.violated(`${record.node} ends a call with ${text}`, record);
    }
  }

  /** Whether the state that it took has the effects of what waits in it: it is that of a member that serves. */
  #isGiven({ group, serves }: Connected, restored: Place | null): boolean {
    if (restored === null) return false;
    return this.#providers.get(`${group} ${placeText(restored)}`)?.has(true) ?? serves;
  }

  #provided(record: RecordOf<'snapshot'>): void {
    const place = `${record.group} ${placeText(record)}`;
    const serves = this.#parts.get(record.node)?.connected?.serves === true;
    this.#providers.set(place, (this.#providers.get(place) ?? new Set()).add(serves));
  }

  #joinedIn(group: number): Connected[] {
    return [...this.#parts.values()]
      .flatMap(({ connected }) => (connected?.group === group ? [connected] : []))
      .sort(comparePlaces);
  }

  #saidIn({ number, places }: GroupHistory): readonly {
    readonly place: Place;
    readonly record: RecordOf<'connection'>;
  }[] {
    return [...places]
      .flatMap(([message, place]) => {
        const record = this.#said.get(message);
        return record?.group === number ? [{ place, record }] : [];
      })
      .sort((one, other) => comparePlaces(one.place, other.place));
  }

  #part(node: string): Part {
    const known = this.#parts.get(node);
    if (known !== undefined) return known;
    const part = { connected: null, restored: null, served: [], replied: [], last: null };
    this.#parts.set(node, part);
    return part;
  }
}

/** Those behind the first place, up to the last. */
function between(steps: readonly Step[], first: Place, last: Place | null): readonly Step[] {
  if (last === null) return [];
  return steps.filter(
    ({ place }) => comparePlaces(place, first) > 0 && comparePlaces(place, last) <= 0,
  );
}
