/** WebSocket (RFC 6455) for load clients: unfragmented frames, masked as the standard wants it. */
import { randomBytes } from 'node:crypto';
import { Stream } from './stream.ts';

export type Frames = {
  /** A text or binary frame whose payload is `bytes[from, to)`. */
  frame(bytes: Buffer, from: number, to: number): void;
  ended(why: string): void;
};

const textOrBinary = 0x02;
const close = 0x08;
const ping = 0x09;
const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

export class WebSocketLine {
  readonly #frames: Frames;
  #stream: Stream | null = null;

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  async open(port: number, path: string, subprotocol?: string): Promise<void> {
    let opened = (): void => {};
    let failed = (_: Error): void => {};
    const upgraded = new Promise<void>((resolve, reject) => {
      opened = resolve;
      failed = reject;
    });
    const stream = await Stream.connect(
      port,
      (bytes, length) => {
        const end = bytes.indexOf('\r\n\r\n');
        if (end === -1 || end >= length) return 0;
        const head = bytes.toString('latin1', 0, end);
        if (!head.startsWith('HTTP/1.1 101')) failed(new Error(head.split('\r\n', 1)[0]));
        stream.become((more, count) => this.#take(more, count));
        opened();
        return end + 4 + this.#take(bytes.subarray(end + 4), length - end - 4);
      },
      (why) => {
        failed(new Error(why));
        this.#frames.ended(why);
      },
    );
    this.#stream = stream;
    const offer = subprotocol === undefined ? '' : `Sec-WebSocket-Protocol: ${subprotocol}\r\n`;
    stream.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\n` +
        `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n${offer}\r\n`,
    );
    await upgraded;
  }

  text(text: string): void {
    this.#stream?.write(framed(0x81, Buffer.from(text)));
  }

  binary(bytes: Uint8Array): void {
    this.#stream?.write(framed(0x82, bytes));
  }

  pause(): void {
    this.#stream?.pause();
  }

  destroy(): void {
    this.#stream?.destroy();
  }

  #take(bytes: Buffer, length: number): number {
    let at = 0;
    while (at + 2 <= length) {
      const opcode = (bytes[at] ?? 0) & 0x0f;
      let size = bytes[at + 1] ?? 0;
      let from = at + 2;
      if (size === 126) {
        if (from + 2 > length) return at;
        size = bytes.readUInt16BE(from);
        from += 2;
      } else if (size === 127) {
        if (from + 8 > length) return at;
        size = Number(bytes.readBigUInt64BE(from));
        from += 8;
      }
      if (from + size > length) return at;
      at = from + size;
      if (opcode <= textOrBinary) this.#frames.frame(bytes, from, at);
      else if (opcode === ping) {
        this.#stream?.write(framed(0x8a, bytes.subarray(from, at)));
      } else if (opcode === close) {
        this.#frames.ended(bytes.toString('utf8', Math.min(from + 2, at), at));
      }
    }
    return at;
  }
}

function framed(head: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const prefix = length < 126 ? 2 : 4;
  if (length > 0xffff) throw new Error(`a load client sends no frame of ${length} bytes`);
  const frame = Buffer.allocUnsafe(prefix + 4 + length);
  frame[0] = head;
  frame[1] = 0x80 | (length < 126 ? length : 126);
  if (prefix === 4) frame.writeUInt16BE(length, 2);
  frame.set(mask, prefix);
  for (let i = 0; i < length; i += 1) {
    frame[prefix + 4 + i] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0);
  }
  return frame;
}
