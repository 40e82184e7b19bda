/** What a node of ours counts of a load: the messages of `message-head.ts`. */
import { Latencies } from './latencies.ts';
import type { Report } from './load.ts';
import { isLast, nowNs, sentNs } from './message-head.ts';
import { Order } from './order.ts';

export class Tally {
  readonly order = new Order();
  readonly latencies = new Latencies();
  #ended = 0;
  #delivered = 0;
  #firstNs = 0;
  #lastNs = 0;

  /** How many senders' last messages came. */
  get ended(): number {
    return this.#ended;
  }

  /** @param sender any whole number below 2^32 that tells it from others, the same at every node */
  deliver(sender: number, message: DataView): void {
    if (isLast(message)) {
      this.#ended += 1;
      return;
    }
    const ns = nowNs();
    if (this.#delivered === 0) this.#firstNs = ns;
    this.#lastNs = ns;
    this.#delivered += 1;
    this.latencies.add(sentNs(message), ns);
    this.order.add(sender, message);
  }

  /**
   * @param sent how many this node sent, without its last
   * @param warmUpSeconds latencies of messages that were handed over within so long of the first do not count
   * @throws RangeError when fewer than two messages count: they have no rate
   */
  report(sent: number, warmUpSeconds = 0): Report {
    const fromNs = this.latencies.firstNs + warmUpSeconds * 1e9;
    const window = { fromNs: warmUpSeconds === 0 ? -Infinity : fromNs, untilNs: Infinity };
    return {
      sent,
      delivered: this.order.count,
      ...this.latencies.within(window),
      perSecond: ((this.#delivered - 1) * 1e9) / (this.#lastNs - this.#firstNs),
      order: this.order.hash,
      threadMs: null,
    };
  }
}
