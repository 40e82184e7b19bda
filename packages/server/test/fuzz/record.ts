/** What went to and fro on one connection, with times: the newest of it, for the complaint when it goes wrong. */
import { decodeFrame, fromServer, limits } from '@choir/protocol';

/** Lines that are kept; the oldest go. A connection of the attackers has about sixty frames. */
const linesMax = 300;
/** Of one frame, as text or in hexadecimal. */
const lineCharsMax = 4_000;

export class Record {
  readonly #began = performance.now();
  readonly #lines: string[] = [];
  #dropped = 0;

  sent(frame: Uint8Array | string): void {
    this.note(`sent ${shown(frame)}`);
  }

  received(data: Buffer, isBinary: boolean): void {
    this.note(`received ${isBinary ? kindsOf(data) : data.toString()}`);
  }

  note(line: string): void {
    const ms = Math.round(performance.now() - this.#began);
    this.#lines.push(`${String(ms).padStart(7)} ms  ${line.slice(0, lineCharsMax)}`);
    if (this.#lines.length <= linesMax) return;
    this.#lines.shift();
    this.#dropped += 1;
  }

  toString(): string {
    const before = this.#dropped === 0 ? [] : [`(${this.#dropped} older lines are not kept)`];
    return [...before, ...this.#lines].join('\n');
  }
}

function shown(frame: Uint8Array | string): string {
  if (typeof frame === 'string') return `text ${JSON.stringify(frame)}`;
  return `binary ${Buffer.from(frame).toString('hex')}`;
}

/** What a server says it says rightly; else it is shown as it is. */
function kindsOf(data: Buffer): string {
  const decoded = decodeFrame(fromServer, data, limits.frameBytes);
  if (!decoded.ok) return shown(data);
  return decoded.messages
    .map((message) =>
      'code' in message ? `${message.kind} ${message.code}: ${message.message}` : message.kind,
    )
    .join(', ');
}
