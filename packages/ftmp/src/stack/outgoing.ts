/**
 * What waits at a sender: messages of the application, until they are cut and packed into Regular messages (E1, E2).
 */
import { Fifo } from '../fifo.ts';
import { type Part, partBytes, pieceBytes, type Request } from '../wire/index.ts';

export type OutgoingMessage = {
  readonly bytes: Uint8Array;
  readonly safe: boolean;
  readonly request: Request | null;
};

export type Packet = { readonly safe: boolean; readonly parts: readonly Part[] };

export class Outgoing {
  readonly #limits: { readonly queueMessages: number; readonly queueBytes: number };
  readonly #sentWhole: (bytes: Uint8Array) => void;
  #waiting = new Fifo<OutgoingMessage>();
  #bytes = 0;
  /** How much of the first message has been sent. */
  #sent = 0;
  #restart = false;

  /** @param sentWhole is told of each message that is not needed here any more, when it is packed */
  constructor(
    limits: { readonly queueMessages: number; readonly queueBytes: number },
    sentWhole: (bytes: Uint8Array) => void = () => {},
  ) {
    this.#limits = limits;
    this.#sentWhole = sentWhole;
  }

  get length(): number {
    return this.#waiting.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isFull(): boolean {
    const { queueMessages, queueBytes } = this.#limits;
    return this.#waiting.length >= queueMessages || this.#bytes >= queueBytes;
  }

  push(message: OutgoingMessage): void {
    this.#waiting.push(message);
    this.#bytes += message.bytes.length;
  }

  /** Messages that were void come first, from their beginning; the one in work begins anew. */
  restart(messages: readonly OutgoingMessage[]): void {
    const rest = this.#waiting.all();
    this.#waiting = new Fifo();
    this.#bytes = 0;
    for (const message of [...messages, ...rest]) this.push(message);
    this.#sent = 0;
    this.#restart = true;
  }

  /** What has been sent of the first message, which is not complete; null when none is. */
  get incomplete(): OutgoingMessage | null {
    return this.#sent > 0 ? (this.#waiting.first ?? null) : null;
  }

  /** The next packet of at most `bodyBytes`; null when nothing waits. */
  pack(bodyBytes: number): Packet | null {
    const { first } = this.#waiting;
    if (first === undefined) return null;
    const { safe } = first;
    const parts: Part[] = [];
    let room = bodyBytes;
    for (;;) {
      const message = this.#waiting.first;
      if (message === undefined || message.safe !== safe) break;
      const part = this.#part(message, room, bodyBytes);
      if (part === null) break;
      parts.push(part);
      room -= partBytes(part);
    }
    return { safe, parts };
  }

  /** The next part, if it fits: whole, or a piece of a message that is too long for any packet. */
  #part(message: OutgoingMessage, room: number, bodyBytes: number): Part | null {
    const hasRequest = message.request !== null && this.#sent === 0;
    const most = pieceBytes(room, hasRequest);
    const left = message.bytes.length - this.#sent;
    const fitsAlone = left <= pieceBytes(bodyBytes, hasRequest);
    if (left > most && (fitsAlone || most < pieceBytes(bodyBytes, hasRequest) / 2)) return null;
    const length = Math.min(left, most);
    const from = this.#sent;
    const part: Part = {
      first: from === 0,
      last: length === left,
      restart: this.#restart,
      request: hasRequest ? message.request : null,
      bytes: message.bytes.subarray(from, from + length),
    };
    this.#restart = false;
    this.#sent = part.last ? 0 : from + length;
    if (part.last) {
      this.#waiting.shift();
      this.#bytes -= message.bytes.length;
      this.#sentWhole(message.bytes);
    }
    return part;
  }
}
