/**
 * Base64 with `+`, `/` and padding (RFC 4648 §4). Decoding is strict: no white space, no missing
 * padding, no unused bits set, so that each byte string has exactly one rendering.
 */

const padding = 0x3d;
const letterOf = /* @__PURE__ */ new TextEncoder().encode(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
);
const noLetter = 0xff;
/** By UTF-16 unit. */
const bitsOf = /* @__PURE__ */ invert(letterOf);

const decoder = new TextDecoder();

export function toBase64(bytes: Uint8Array): string {
  const letters = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(padding);
  for (let i = 0, at = 0; i < bytes.length; i += 3, at += 4) {
    const given = bytes.length - i;
    const bits = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    letters[at] = letterOf[bits >>> 18] ?? 0;
    letters[at + 1] = letterOf[(bits >>> 12) & 0x3f] ?? 0;
    if (given > 1) letters[at + 2] = letterOf[(bits >>> 6) & 0x3f] ?? 0;
    if (given > 2) letters[at + 3] = letterOf[bits & 0x3f] ?? 0;
  }
  return decoder.decode(letters);
}

/** The bytes, or null when the text is not base64 in its one form. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 !== 0) return null;
  const padded = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const letters = text.length - padded;
  const bytes = new Uint8Array((text.length / 4) * 3 - padded);
  let bits = 0;
  let at = 0;
  for (let i = 0; i < letters; i++) {
    const six = bitsOf[text.charCodeAt(i)] ?? noLetter;
    if (six === noLetter) return null;
    bits = (bits << 6) | six;
    // The first letter of four completes no byte; each other completes one.
    if (i % 4 !== 0) bytes[at++] = bits >>> (6 - 2 * (i % 4));
  }
  const unused = padded * 2;
  return (bits & ((1 << unused) - 1)) === 0 ? bytes : null;
}

function invert(letters: Uint8Array): Uint8Array {
  const bits = new Uint8Array(0x80).fill(noLetter);
  for (const [six, letter] of letters.entries()) bits[letter] = six;
  return bits;
}
