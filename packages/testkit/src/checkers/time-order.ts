/**
 * O3: the time of the entries never decreases along the log, over restarts and jumps of the server's clock;
 * what a group received at a position has the time of its entry, in the log and at every client.
 */
import { Checker } from './checker.ts';
import type { History } from './history/history.ts';
import type { Moment } from './replay.ts';

export class TimeOrder extends Checker {
  readonly property = 'O3';
  readonly promise =
    'Time never goes back along the log, and a delivery carries that of its entry.';
  #time = 0;

  override before({ entry, step }: Moment): void {
    if (entry === null) return;
    if (entry.time < this.#time) {
      this.violated(`the time ${entry.time} follows ${this.#time}`, entry);
    }
    this.#time = entry.time;
    for (const { events } of step.units) {
      for (const event of events) {
        if (event.time === entry.time) continue;
        this.violated(`the row has the time ${event.time}, its entry ${entry.time}`, event);
      }
    }
  }

  /** What the log does not have at all is the matter of C2. */
  override finish({ log, processes }: History): void {
    for (const { streams } of processes.clients) {
      for (const { items } of streams.values()) {
        for (const item of items) {
          if (item.kind !== 'delivery') continue;
          const time = log.step(item.seq)?.entry?.time ?? null;
          const other = item.events.find((event) => time !== null && event.time !== time);
          if (other === undefined) continue;
          this.violated(`came with the time ${other.time}, the entry has ${time}`, other);
        }
      }
    }
  }
}
