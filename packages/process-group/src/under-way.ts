/**
 * What this process has handed over and has not heard back, in its order (M5). Of that, what an application says counts: multicasts, messages to some and
 * requests, also of replicas. What the members say to each other besides, such as a state, is nothing that somebody misses.
 */
import { Fifo, type GroupId, processorId } from '@choir/ftmp';
import { GroupCore, type Outflow, type Outlet } from './core/index.ts';

type Kind = { readonly counts: boolean };

const counted: Kind = { counts: true };
const uncounted: Kind = { counts: false };
/** The bytes that an application's messages begin with. */
const countedBytes = new Set(firstBytesOfApplications());

export class UnderWay implements Outlet {
  readonly #outlet: Outlet;
  readonly #kinds = new Fifo<Kind>();
  /** What there was no room for. */
  #refused = uncounted;
  /** Messages of a former incarnation. */
  #lost = 0;

  /** @param outlet takes what goes out */
  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  trySend(
    group: GroupId,
    bytes: Uint8Array,
    options: { readonly safe: boolean },
  ): 'queued' | 'full' | 'closed' {
    const answer = this.#outlet.trySend(group, bytes, options);
    if (answer === 'queued') this.#kinds.push(kindOf(bytes));
    if (answer === 'full') this.#refused = kindOf(bytes);
    return answer;
  }

  /** The next one of this process has come. */
  came(): void {
    this.#kinds.shift();
  }

  /** Another incarnation begins. @param isTold whether the application is told of the exclusion, and so of what is in doubt */
  renew(isTold: boolean): void {
    this.#lost = isTold ? 0 : this.#lost + countOf(this.#kinds.all());
    this.#kinds.clear();
  }

  /** How many messages of the application there are, with those that wait to be handed over. The core is over, and is emptied. */
  unsent(core: GroupCore, outflow: Outflow): number {
    const waiting = emptied(core).map(kindOf);
    const held = outflow.isEmpty(core) ? [] : [this.#refused];
    return this.#lost + countOf([...this.#kinds.all(), ...waiting, ...held]);
  }
}

function kindOf(bytes: Uint8Array): Kind {
  return countedBytes.has(bytes[0] ?? 0) ? counted : uncounted;
}

function countOf(kinds: readonly Kind[]): number {
  return kinds.filter(({ counts }) => counts).length;
}

function emptied(core: GroupCore): readonly Uint8Array[] {
  const said: Uint8Array[] = [];
  for (let next = core.next(); next !== null; next = core.next()) said.push(next.bytes);
  return said;
}

function firstBytesOfApplications(): readonly number[] {
  const nothing = new Uint8Array(0);
  const core = new GroupCore({ self: processorId(1, 1), name: '', label: '', observes: false });
  core.multicast('', nothing, false);
  core.send([], '', nothing);
  core.ask('all', '', nothing, 'all');
  return emptied(core).map((bytes) => bytes[0] ?? 0);
}
