/** What became of messages, printed in the order in which they were handed over. */
import { ChoirError, type Settled } from '@choir/client';
import type { Connection } from '../connection/connection.ts';
import { jsonData } from '../output/json-data.ts';
import type { Output } from '../output/output.ts';
import { printable, printableData } from '../output/printable.ts';

/** Messages that may wait for their acknowledgement; more would not be faster. */
const inFlightMax = 128;
/** Of a message that was refused. */
const bytesShown = 40;

export class Acknowledgements {
  readonly #connection: Connection;
  readonly #output: Output;
  readonly #group: string;
  readonly #quiet: boolean;
  /** Rejects as soon as there will be no answers any more. */
  readonly failed: Promise<never>;
  #fail: (error: unknown) => void = () => {};
  #last: Promise<void> = Promise.resolve();
  #inFlight = 0;
  #refused = 0;
  #wake: () => void = () => {};

  /** `quiet`: people see their messages come back, and need no acknowledgement beside. */
  constructor(
    group: string,
    connection: Connection,
    output: Output,
    { quiet = false }: { readonly quiet?: boolean } = {},
  ) {
    this.#quiet = quiet;
    this.#group = group;
    this.#connection = connection;
    this.#output = output;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {});
  }

  get refused(): number {
    return this.#refused;
  }

  add(data: Uint8Array, outcome: Promise<Settled>): void {
    // Looked at in its turn, maybe after it has failed.
    outcome.catch(() => {});
    this.#inFlight += 1;
    this.#last = this.#last.then(() => this.#print(data, outcome));
    this.#last.catch(this.#fail);
  }

  /** Resolves when another message may be added; rejects when there will be no answers any more. */
  async room(): Promise<void> {
    while (this.#inFlight >= inFlightMax) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([woken, this.#last]);
    }
  }

  /** Resolves when everything added so far was printed. */
  get printed(): Promise<void> {
    return this.#last;
  }

  async #print(data: Uint8Array, outcome: Promise<Settled>): Promise<void> {
    const decided = outcome.then(
      (settled) => ({ settled }),
      (refusal: unknown) => ({ refusal }),
    );
    const decision = await this.#connection.answer(decided);
    if ('settled' in decision) this.#acknowledged(data, decision.settled);
    else if (decision.refusal instanceof ChoirError && !this.#connection.isOver) {
      this.#wasRefused(data, decision.refusal);
    } else await this.#connection.answer(outcome);
    this.#inFlight -= 1;
    this.#wake();
  }

  #acknowledged(data: Uint8Array, { globalId, epoch, localId }: Settled): void {
    const record = { group: this.#group, localId, globalId, epoch, data: jsonData(data) };
    const id = this.#output.paint('dim', `#${globalId}`);
    const line = this.#quiet ? '' : `${id} ${printableData(data)}`;
    this.#output.result({ type: 'ack', ...record }, line);
  }

  #wasRefused(data: Uint8Array, { code, message }: ChoirError): void {
    this.#refused += 1;
    const record = { type: 'refused', group: this.#group, code, message, data: jsonData(data) };
    if (this.#output.json) this.#output.result(record, '');
    const shown = printableData(data.subarray(0, bytesShown));
    const more = data.length > bytesShown ? `… (${data.length} bytes)` : '';
    this.#output.note(`choir: ${code}: ${printable(message)}`, `  ${shown}${more}`);
  }
}
