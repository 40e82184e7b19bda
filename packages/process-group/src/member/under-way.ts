/**
 * What this process has handed over and has not heard back, in its order (M5). Of that, what an application says counts: multicasts, messages to some and
 * requests, also of replicas. What the members say to each other besides, such as a state, is nothing that somebody misses.
 */
import { Fifo, type GroupId } from '@choir/ftmp';
import { type GroupCore, isOfApplication, type Outflow, type Outlet } from '../core/index.ts';

type Sent = { readonly counts: boolean };

const counted: Sent = { counts: true };
const uncounted: Sent = { counts: false };

export class UnderWay implements Outlet {
  readonly #outlet: Outlet;
  readonly #sent = new Fifo<Sent>();
  /** What there was no room for. */
  #refused = uncounted;

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
    if (answer === 'queued') this.#sent.push(sentOf(bytes));
    if (answer === 'full') this.#refused = sentOf(bytes);
    return answer;
  }

  /** The next one of this process has come. */
  came(): void {
    this.#sent.shift();
  }

  /** Another incarnation begins: the application is told of the exclusion, and so of what is in doubt. */
  renew(): void {
    this.#sent.clear();
  }

  /** How many messages of the application there are, with those that wait to be handed over. The core is over, and is emptied. */
  unsent(core: GroupCore, outflow: Outflow): number {
    const waiting = emptied(core).map(sentOf);
    const held = outflow.isEmpty(core) ? [] : [this.#refused];
    return countOf([...this.#sent.all(), ...waiting, ...held]);
  }
}

function sentOf(bytes: Uint8Array): Sent {
  return isOfApplication(bytes) ? counted : uncounted;
}

function countOf(sent: readonly Sent[]): number {
  return sent.filter(({ counts }) => counts).length;
}

function emptied(core: GroupCore): readonly Uint8Array[] {
  const said: Uint8Array[] = [];
  for (let next = core.next(); next !== null; next = core.next()) said.push(next.bytes);
  return said;
}
