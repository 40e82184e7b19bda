/**
 * What an INC update of the document carries: the number of the transaction in the trace, so that
 * receivers know whose and which it is, then the Yjs update.
 */

const headerBytes = 4;

export type UpdateFrame = { readonly index: number; readonly update: Uint8Array };

export function encodeFrame({ index, update }: UpdateFrame): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerBytes + update.length);
  new DataView(bytes.buffer).setUint32(0, index);
  bytes.set(update, headerBytes);
  return bytes;
}

export function decodeFrame(bytes: Uint8Array): UpdateFrame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { index: view.getUint32(0), update: bytes.subarray(headerBytes) };
}
