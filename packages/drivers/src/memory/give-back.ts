/**
 * Memory outside of V8's heap that is given back at once. V8 marks the whole heap again whenever some 10 MB of such memory have come since the
 * last time, which a busy processor needs many times a second; what was given back is not counted, and is warm when it is used next.
 *
 * A view of it is empty from then on, and most uses of it throw.
 */

/** Of shorter ones the collector takes care as cheaply. */
const givenBackMin = 512;

/** Gives back the memory of these bytes, unless something else is in it, too. */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  if (byteLength < givenBackMin || byteLength < buffer.byteLength) return;
  giveBackBuffer(buffer);
}

export function giveBackBuffer(buffer: ArrayBufferLike): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
