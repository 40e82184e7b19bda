/** Shows datagrams one after the other, and says at the end what there was. */
import type { Datagram, Remainder } from '../capture/datagrams.ts';
import type { Output } from '../output/output.ts';
import type { DatagramReader, Reading } from './reading.ts';
import { readingLine } from './reading-line.ts';
import { readingRecord } from './reading-record.ts';

export class Telling {
  readonly #output: Output;
  readonly #reader: DatagramReader;
  readonly #all: boolean;
  readonly #counts = new Map<Reading['kind'], number>();
  readonly #keyed = { opened: 0, closed: 0 };
  /** Datagrams that came while the output was not read. */
  skipped = 0;

  /** @param all shows also what is not FTMP */
  constructor(output: Output, reader: DatagramReader, all: boolean) {
    this.#output = output;
    this.#reader = reader;
    this.#all = all;
  }

  tell(datagram: Datagram): void {
    const reading = this.#reader.read(datagram.bytes, datagram.missing);
    this.#counts.set(reading.kind, this.#count(reading.kind) + 1);
    this.#countKeyed(reading);
    if (reading.kind === 'other' && !this.#all) return;
    this.#output.result(
      readingRecord(datagram, reading),
      readingLine(datagram, reading, this.#output),
    );
  }

  /** What there was, in one line. */
  summary(remainder: Remainder | null): string {
    const [messages, refused] = [this.#count('message'), this.#count('refused')];
    const [encrypted, others] = [this.#count('encrypted'), this.#count('other')];
    const strange = others + (remainder?.others ?? 0);
    const parts = [`${messages} ${messages === 1 ? 'message' : 'messages'}`, `${refused} refused`];
    const handshakes = this.#count('challenge') + this.#count('answer');
    if (handshakes > 0) parts.push(`${handshakes} challenges and answers`);
    if (encrypted > 0) parts.push(`${encrypted} encrypted`);
    if (strange > 0) parts.push(`${strange} not FTMP`);
    if (remainder !== null && remainder.incomplete > 0) {
      parts.push(`${remainder.incomplete} without all their fragments`);
    }
    for (const [link, packets] of remainder?.links ?? []) {
      parts.push(`${packets} packets of link type ${link}, which cannot be read`);
    }
    if (this.skipped > 0) parts.push(`${this.skipped} not shown, since the output was not read`);
    return parts.join(', ');
  }

  /** What is encrypted, and that the keys opened none of it: they may be the wrong ones. Null when that is not so. */
  get unopened(): string | null {
    const { opened, closed } = this.#keyed;
    if (opened > 0 || closed === 0) return null;
    const none =
      closed === 1
        ? 'The one encrypted datagram was not'
        : `None of ${closed} encrypted datagrams was`;
    return `${none} opened: the keys may be those of another cluster.`;
  }

  #countKeyed(reading: Reading): void {
    if (reading.head === null || reading.kind === 'encrypted') return;
    const code = reading.kind === 'refused' ? reading.code : null;
    if (code === 'NOT_CAPTURED') return;
    if (code === 'SEALED') this.#keyed.closed += 1;
    else this.#keyed.opened += 1;
  }

  #count(kind: Reading['kind']): number {
    return this.#counts.get(kind) ?? 0;
  }
}
