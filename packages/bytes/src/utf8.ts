/** UTF-8 in both directions without loss: what cannot be turned back is not turned at all. */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const loneSurrogate = /\p{Cs}/u;

/** The text that these bytes are, or null when they are not UTF-8. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** The text as UTF-8, or null when it contains half a surrogate pair. */
export function utf8Of(text: string): Uint8Array<ArrayBuffer> | null {
  return loneSurrogate.test(text) ? null : encoder.encode(text);
}

/** How many bytes the text takes in UTF-8 (half a surrogate pair counts three). */
export function utf8Length(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) count += unit > 0x7ff ? 2 : 1;
    // A pair is four bytes for two units: the first half counted one and two more, the second none.
    if (unit >= 0xd800 && unit <= 0xdbff && isLowSurrogate(text.charCodeAt(i + 1))) {
      i++;
    }
  }
  return count;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
