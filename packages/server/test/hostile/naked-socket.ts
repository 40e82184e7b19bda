/** A WebSocket made by hand on a bare connection, for what no library would send. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { decodeFrame, type FromServer, fromServer } from '@choir/protocol';

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9 } as const;

type FrameOptions = {
  readonly opcode: number;
  readonly payload: Uint8Array;
  /** Default: the last of its message. */
  readonly isLast?: boolean;
  /** Default: masked, as clients have to. */
  readonly isMasked?: boolean;
  readonly reservedBits?: number;
  /** Default: that of the payload. */
  readonly claimedLength?: number;
};

/** RFC 6455, 5.2. The mask is zero, so that the payload stands there as it is. */
export function frameOf(options: FrameOptions): Buffer {
  const { payload, isLast = true, isMasked = true, reservedBits = 0 } = options;
  const { claimedLength = payload.length } = options;
  const header = [(isLast ? 0x80 : 0) | (reservedBits << 4) | options.opcode];
  const mask = isMasked ? 0x80 : 0;
  if (claimedLength < 126) header.push(mask | claimedLength);
  else if (claimedLength < 65_536) header.push(mask | 126, claimedLength >> 8, claimedLength & 255);
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(claimedLength));
  if (claimedLength >= 65_536) header.push(mask | 127, ...length);
  return Buffer.concat([Buffer.from(header), Buffer.alloc(isMasked ? 4 : 0), payload]);
}

export class NakedSocket {
  readonly socket: Socket;
  #received: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (data: Buffer) => {
      this.#received = Buffer.concat([this.#received, data]);
    });
    // Being cut off is what these are made for.
    socket.on('error', () => undefined);
  }

  static async upgrade(port: number): Promise<NakedSocket> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const naked = new NakedSocket(socket);
    const lines = [
      'GET / HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol: choir.1.binary',
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    await once(socket, 'data');
    naked.#received = Buffer.alloc(0);
    return naked;
  }

  /** What the server said before it closed, and the code of its close. */
  async untilEnd(): Promise<End> {
    const end = await this.untilClose();
    this.socket.destroy();
    return end;
  }

  /** The same, and the close is not answered yet. */
  async untilClose(): Promise<End> {
    while (read(this.#received).code === 0) await once(this.socket, 'data');
    return read(this.#received);
  }
}

type End = { readonly said: readonly FromServer[]; readonly code: number };

function read(bytes: Buffer): End {
  const said: FromServer[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const kind = (bytes[at] ?? 0) & 15;
    const short = bytes[at + 1] ?? 0;
    const from = at + (short === 126 ? 4 : 2);
    const to = from + (short === 126 ? bytes.readUInt16BE(at + 2) : short);
    if (to > bytes.length) break;
    if (kind === opcode.close) return { said, code: bytes.readUInt16BE(from) };
    if (kind === opcode.binary) {
      const decoded = decodeFrame(fromServer, bytes.subarray(from, to), 65_536);
      if (decoded.ok) said.push(...decoded.messages);
    }
    at = to;
  }
  return { said, code: 0 };
}
