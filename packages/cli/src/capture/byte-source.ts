/** Bytes that come in pieces, taken in the pieces that a format has. Keeps no more than what was asked for and one piece. */
import { CaptureError } from './capture-error.ts';

export class ByteSource {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /**
   * The next `count` bytes; null at the end.
   *
   * @throws CaptureError `CUT_OFF` when the end comes within them
   */
  async take(count: number): Promise<Buffer | null> {
    if (this.#held.length < count) await this.#fill(count);
    if (this.#held.length === 0 && count > 0) return null;
    if (this.#held.length < count) throw new CaptureError('CUT_OFF', 'it ends within a packet');
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  async #fill(count: number): Promise<void> {
    const pieces: Uint8Array[] = [this.#held];
    let length = this.#held.length;
    while (length < count) {
      const { value, done } = await this.#pieces.next();
      if (done === true) break;
      pieces.push(value);
      length += value.length;
    }
    this.#held = Buffer.concat(pieces);
  }
}
