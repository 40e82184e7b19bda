/** Payloads: bytes, whose meaning is the application's. Text is taken and given as UTF-8. */

/** What is taken wherever data is sent. A string stands for its UTF-8. */
export type Data = string | Uint8Array;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The text that a payload holds; what is not UTF-8 becomes U+FFFD. */
export function text(data: Uint8Array): string {
  return decoder.decode(data);
}

/**
 * A copy: what was handed over does not change, whatever its owner does with the array. Not by `slice`, which
 * for a Buffer of Node.js copies nothing.
 */
export function bytesOf(data: Data): Uint8Array {
  return typeof data === 'string' ? encoder.encode(data) : new Uint8Array(data);
}

export function concatenated(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) return first.slice();
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
