/** Prints what happens in a group, as it is delivered. */
import type { Delivery, Member } from '@choir/client';
import { eventLine } from './event-line.ts';
import { eventRecord } from './event-record.ts';
import { Names } from './names.ts';
import type { Output } from './output.ts';

export class DeliveryPrinter {
  readonly #output: Output;
  readonly #names = new Names();

  constructor(output: Output) {
    this.#output = output;
  }

  /** Members whose names are known from elsewhere. */
  know(members: readonly Member[]): void {
    for (const { clientId, name } of members) this.#names.set(clientId, name);
  }

  print(delivery: Delivery): void {
    for (const event of delivery.events) {
      const record = eventRecord(event, delivery, this.#names);
      this.#names.before(event);
      const line = this.#output.json
        ? ''
        : eventLine(event, delivery, { names: this.#names, output: this.#output });
      this.#output.result(record, line);
      this.#names.after(event);
    }
  }

  /** Takes notice without printing. */
  learn({ events }: Delivery): void {
    for (const event of events) {
      this.#names.before(event);
      this.#names.after(event);
    }
  }
}
