/**
 * Base64 with `+`, `/` and padding (RFC 4648 §4). Decoding is strict: no white space, no missing
 * padding, no unused bits set, so that each byte string has exactly one rendering.
 */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const padding = '=';
const bitsOf = /* @__PURE__ */ new Map([...alphabet].map((letter, bits) => [letter, bits]));

export function toBase64(bytes: Uint8Array): string {
  const letters: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const given = Math.min(bytes.length - i, 3);
    const bits = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let k = 0; k < 4; k++) {
      letters.push(k <= given ? alphabet.charAt((bits >>> (18 - 6 * k)) & 0x3f) : padding);
    }
  }
  return letters.join('');
}

/** The bytes, or null when the text is not base64 in its one form. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 !== 0) return null;
  const padded = text.endsWith('==') ? 2 : text.endsWith(padding) ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padded);
  for (let i = 0, at = 0; i < text.length; i += 4, at += 3) {
    const given = i + 4 === text.length ? 4 - padded : 4;
    let bits = 0;
    for (let k = 0; k < 4; k++) {
      const six = k < given ? bitsOf.get(text.charAt(i + k)) : 0;
      if (six === undefined) return null;
      bits = (bits << 6) | six;
    }
    if ((given === 2 && (bits & 0xffff) !== 0) || (given === 3 && (bits & 0xff) !== 0)) return null;
    // Stores behind the end of the array are dropped, which is what the padding means.
    bytes[at] = bits >>> 16;
    bytes[at + 1] = bits >>> 8;
    bytes[at + 2] = bits;
  }
  return bytes;
}
