/**
 * Frames as a server sends them (RFC 6455, 5.2): whole, unmasked, head and payload in one buffer, so
 * that it is written with one call and shared by all who are sent the same.
 */

const whole = 0x80;
const text = 0x1;
const binary = 0x2;
/** Lengths in the second byte that say: the length follows, in two or eight bytes. */
const inTwoBytes = 126;
const inEightBytes = 127;

export function binaryFrame(payload: Uint8Array): Buffer {
  const start = headBytes(payload.length);
  const frame = Buffer.allocUnsafe(start + payload.length);
  putHead(frame, binary, payload.length);
  frame.set(payload, start);
  return frame;
}

export function textFrame(payload: string): Buffer {
  const length = Buffer.byteLength(payload);
  const start = headBytes(length);
  const frame = Buffer.allocUnsafe(start + length);
  putHead(frame, text, length);
  frame.write(payload, start);
  return frame;
}

function headBytes(length: number): number {
  if (length < inTwoBytes) return 2;
  return length <= 0xffff ? 4 : 10;
}

function putHead(frame: Buffer, opcode: number, length: number): void {
  frame[0] = whole | opcode;
  if (length < inTwoBytes) {
    frame[1] = length;
  } else if (length <= 0xffff) {
    frame[1] = inTwoBytes;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = inEightBytes;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
}
