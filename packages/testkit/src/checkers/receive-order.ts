/**
 * C3: the order is that in which the server took submissions, and that in which each sender numbered
 * them within a chain. What is delivered as somebody's message was submitted by that client, there.
 */
import { Checker } from './checker.ts';
import { causeOf } from './group-event.ts';
import type { Logged } from './history/server-log.ts';
import type { Moment } from './replay.ts';

export class ReceiveOrder extends Checker {
  readonly property = 'C3';
  readonly promise =
    'Positions follow the order of receipt; a sender’s local ids rise in each chain.';
  readonly #taken = new Map<string, number>();
  readonly #effective = new Map<string, number>();

  override before({ step, entry, decided }: Moment): void {
    // Changes of the nodes have no source.
    if (entry !== null && entry.source !== '') {
      const before = this.#taken.get(entry.source) ?? 0;
      if (entry.n !== before + 1) {
        this.violated(`submission ${entry.n} of ${entry.source} follows ${before}`, entry);
      }
      this.#taken.set(entry.source, entry.n);
    }
    for (const { events } of step.units) {
      for (const event of events) this.#judge(event, decided);
    }
  }

  #judge(event: Logged, decided: Moment['decided']): void {
    const cause = causeOf(event);
    // A waiting request is granted where something else ended; K8 judges that.
    if (cause === null || event.event === 'lock_granted') return;
    if (decided?.client !== cause.client || decided.localId !== cause.localId) {
      const text = `${event.event} of ${cause.client}, local id ${cause.localId}, which was not decided here`;
      this.violated(text, event);
      return;
    }
    const chain = `${decided.client} ${decided.group}`;
    const before = this.#effective.get(chain) ?? 0;
    if (cause.localId < before) {
      const text = `local id ${cause.localId} of ${chain} took effect after ${before}`;
      this.violated(text, event);
    }
    this.#effective.set(chain, cause.localId);
  }
}
