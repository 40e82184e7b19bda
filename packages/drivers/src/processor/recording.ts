/**
 * A recording of what a processor does: a file with a JSON object a line (docs/design/ftmp.md, "Recordings"). Payloads are not
 * in it, only fingerprints of them.
 *
 * R1 Before a datagram goes out, or the application is told of something, all that led to it is in the file. So a process that is
 *    killed leaves nothing unrecorded that anybody can have seen; its last line may be cut short.
 * R2 A file that cannot be written any more ends the recording, with a warning, and nothing else.
 */
import { hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import {
  type GroupId,
  type MessageName,
  type OutgoingMessage,
  type Processor,
  type ProcessorId,
  type ProtocolEvent,
  processorNumber,
  processorText,
  type TraceRecord,
  TraceRecords,
} from '@choir/ftmp';
import { machineNow } from '../clock.ts';
import { DriverError } from '../driver-error.ts';

/** What the host adds to the records of its processor. */
type HostRecord =
  | { readonly kind: 'started'; readonly processor: number }
  | { readonly kind: 'stopped' }
  | ({
      readonly kind: 'sent';
      readonly group: GroupId;
      readonly delivery: 'agreed' | 'safe';
    } & MessageName)
  | {
      readonly kind: 'buffered';
      readonly group: GroupId;
      readonly messages: number;
      readonly bytes: number;
    };

const sampleMs = 250;
const fingerprintDigits = 16;

export class Recording {
  readonly #path: string;
  readonly #warn: (text: string) => void;
  #file: number | null;
  #lines = '';
  #node = '';
  #sampledAt = Number.NEGATIVE_INFINITY;
  #records = newRecords();

  /**
   * @param path what is there already is kept, and added to
   * @throws DriverError `drivers-trace` when it cannot be opened
   */
  constructor(path: string, warn: (text: string) => void) {
    this.#path = path;
    this.#warn = warn;
    try {
      this.#file = openSync(path, 'a', 0o600);
    } catch (error) {
      throw new DriverError(
        'drivers-trace',
        `The trace ${path} cannot be opened (${(error as Error).message}): name a file in a folder that can be written to.`,
        { cause: error },
      );
    }
  }

  /** A new incarnation: what follows is of it. */
  started(id: ProcessorId): void {
    this.#node = processorText(id);
    this.#records = newRecords();
    this.#put({ kind: 'started', processor: processorNumber(id) });
  }

  event(event: ProtocolEvent): void {
    for (const record of this.#records.of(event)) this.#put(record);
  }

  /** The processor took a message of the application. */
  sent(group: GroupId, { bytes, safe }: OutgoingMessage): void {
    const data = fingerprint(bytes);
    const delivery = safe ? 'safe' : 'agreed';
    this.#put({ kind: 'sent', group, message: `${this.#node}/${data}`, delivery, data });
  }

  /** R1: after each turn of the processor, before what it wants done is done. */
  turned(processor: Processor, groups: Iterable<GroupId>): void {
    const time = machineNow();
    if (time - this.#sampledAt >= sampleMs) {
      this.#sampledAt = time;
      for (const group of groups) {
        this.#put({ kind: 'buffered', group, ...processor.buffered(group) });
      }
    }
    this.#flush();
  }

  close(): void {
    this.#put({ kind: 'stopped' });
    this.#flush();
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #put(record: TraceRecord | HostRecord): void {
    if (this.#file === null) return;
    this.#lines += `${JSON.stringify({ t: machineNow(), node: this.#node, ...record })}\n`;
  }

  #flush(): void {
    if (this.#file === null || this.#lines === '') return;
    const bytes = Buffer.from(this.#lines);
    this.#lines = '';
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    } catch (error) {
      closeSync(this.#file);
      this.#file = null;
      const { message } = error as Error;
      this.#warn(`The trace ${this.#path} ends here (${message}): make room, and open a new host.`);
    }
  }
}

/** A message is named by its sender and its bytes: those that a sender repeats have one name. */
function newRecords(): TraceRecords {
  return new TraceRecords((sender, bytes) => {
    const data = fingerprint(bytes);
    return { message: `${processorText(sender)}/${data}`, data };
  });
}

function fingerprint(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex').slice(0, fingerprintDigits);
}
