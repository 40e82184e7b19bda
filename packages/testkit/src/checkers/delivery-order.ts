/**
 * C5: the deliveries of a group reach each client in increasing position, each once and none missing; own
 * sender-exclusive messages are acknowledged in their place instead.
 */
import { Checker } from './checker.ts';
import type { History } from './history/history.ts';
import { walk } from './walk.ts';

export class DeliveryOrder extends Checker {
  readonly property = 'C5';
  readonly promise = 'Each client receives a group’s deliveries in order, each once, none missing.';

  override finish(history: History): void {
    for (const process of history.processes.clients) {
      for (const stream of process.streams.values()) {
        walk(process, stream, history, {
          arrival: ({ seq, from, first, fromTransfer, skipped, unacknowledged }) => {
            if (seq <= from) this.violated(`${seq} came after ${from}`, first);
            // The seam between a transfer and the stream is C8.
            const [missed] = fromTransfer ? [] : skipped;
            if (missed !== undefined) {
              this.violated(`${seq} came, ${missed.seq} of ${missed.group} had not`, first);
            }
            const [silent] = unacknowledged;
            if (silent !== undefined) {
              const text = `${seq} came, the own message at ${silent.seq} was not acknowledged`;
              this.violated(text, first);
            }
          },
          end: (at, [missed]) => {
            if (missed === undefined) return;
            const text = `${process.node} stands at ${at} of ${stream.group}; ${missed.seq} never came`;
            this.violated(text);
          },
        });
      }
    }
  }
}
