/**
 * A hand-made trace of one process group, record by record. Nothing here decides anything; the author
 * of a story says what happens, and may let it be wrong.
 */
import type { Delivery, ViewsRecord } from '../../src/views/index.ts';

type Plain = ViewsRecord extends infer Each
  ? Each extends ViewsRecord
    ? Omit<Each, 't' | 'node'>
    : never
  : never;

export type Cause = 'first' | 'added' | 'removed' | 'fault' | 'joined';

export const group = 7;

type Sent = {
  readonly message: string;
  readonly sender: string;
  readonly delivery: Delivery;
  readonly data: string;
};

export class Story {
  readonly records: ViewsRecord[] = [];
  #t = 0;
  readonly #counts = new Map<string, number>();
  readonly #seqs = new Map<string, number>();
  readonly #messages = new Map<number, Sent>();
  readonly #timestamps = new Map<number, { readonly source: string; readonly seq: number }>();

  say(node: string, record: Plain): void {
    this.#t += 1;
    this.records.push({ t: this.#t, node, ...record } as ViewsRecord);
  }

  wait(ms: number): void {
    this.#t += ms;
  }

  start(...nodes: readonly string[]): void {
    for (const node of nodes) {
      this.say(node, { kind: 'started', processor: Number.parseInt(node, 10) });
    }
  }

  /** A view of these members, given to each: `causes` in the order of the members. */
  view(
    id: string,
    members: readonly string[],
    causes: readonly Cause[],
    transitional: Readonly<Record<string, readonly string[]>> = {},
  ): void {
    const old = members.filter((_, index) => causes[index] !== 'joined');
    for (const [index, node] of members.entries()) {
      const cause = causes[index] as Cause;
      const set = transitional[node] ?? (cause === 'joined' ? [node] : old);
      const fields = { group, view: id, members, primary: true, transitional: set, cause };
      this.say(node, { kind: 'view', ...fields });
    }
  }

  /** The application of `node` hands a message over, which the stack puts at this timestamp. */
  send(node: string, timestamp: number, delivery: Delivery = 'agreed'): void {
    const n = (this.#counts.get(node) ?? 0) + 1;
    this.#counts.set(node, n);
    const sent = { message: `${node}/${n}`, delivery, data: `#${timestamp}` };
    this.#messages.set(timestamp, { ...sent, sender: node });
    this.say(node, { kind: 'sent', group, ...sent });
    this.make(node, timestamp);
  }

  /** `node` transmits a reliable datagram. */
  make(node: string, timestamp: number): void {
    const seq = (this.#seqs.get(node) ?? 0) + 1;
    this.#seqs.set(node, seq);
    this.#timestamps.set(timestamp, { source: node, seq });
    const datagram = { type: 'Regular', bytes: 100, retransmission: false } as const;
    this.say(node, { kind: 'transmitted', group, ...datagram });
    this.say(node, { kind: 'stored', group, source: node, seq, timestamp });
  }

  store(timestamp: number, ...nodes: readonly string[]): void {
    const { source, seq } = this.#timestamps.get(timestamp) ?? { source: '', seq: 0 };
    for (const node of nodes) this.say(node, { kind: 'stored', group, source, seq, timestamp });
  }

  ack(ack: number, ...nodes: readonly string[]): void {
    for (const node of nodes) this.say(node, { kind: 'acked', group, ack });
  }

  release(timestamp: number, ...nodes: readonly string[]): void {
    const { source, seq } = this.#timestamps.get(timestamp) ?? { source: '', seq: 0 };
    for (const node of nodes) this.say(node, { kind: 'released', group, source, seq });
  }

  deliver(timestamp: number, ...nodes: readonly string[]): void {
    const sent = this.#messages.get(timestamp);
    if (sent === undefined) throw new Error(`nobody sent at ${timestamp}`);
    for (const node of nodes) this.say(node, { kind: 'delivered', group, ...sent, timestamp });
  }

  /** All that becomes of a message where nothing goes wrong. */
  multicast(
    node: string,
    timestamp: number,
    members: readonly string[],
    delivery: Delivery = 'agreed',
  ): void {
    this.send(node, timestamp, delivery);
    this.store(timestamp, ...members.filter((member) => member !== node));
    this.ack(timestamp, ...members);
    this.deliver(timestamp, ...members);
    this.release(timestamp, ...members);
  }
}
