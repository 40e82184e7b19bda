/** One hostile client: connects, says hello, and sends frames until the server must end the connection. */
import { once } from 'node:events';
import {
  encodeMessage,
  fromClient,
  joinMessages,
  PROTOCOL_VERSION,
  subprotocols,
} from '@choir/protocol';
import type { Random } from '@choir/testkit';
import { WebSocket } from 'ws';
import { clientIdOf } from '../names.ts';
import { patience } from '../patience.ts';
import { type Frames, isRefused, type Rendering } from './frames.ts';
import { Record } from './record.ts';
import { serverSigns } from './server-signs.ts';

/** Frames of one connection, at most. */
const framesMax = 60;
/** A server that has to end a connection does so within this. */
const closeWithinMs = 20_000;
/** Whether it ends at all is worth knowing, too. */
const lateMs = 60_000;

export class Attacker {
  readonly #url: string;
  readonly #name: string;
  readonly #random: Random;
  readonly #frames: Frames;

  constructor(url: string, name: string, random: Random, frames: Frames) {
    this.#url = url;
    this.#name = name;
    this.#random = random;
    this.#frames = frames;
  }

  /** One connection; the number of its frames, up to the one that had to be the last. */
  async attack(): Promise<number> {
    const random = this.#random;
    const rendering: Rendering = random.chance(0.5) ? 'binary' : 'json';
    // Many addresses, so that closed connections do not use up the ports of one.
    const localAddress = `127.0.${random.int(1, 100)}.${random.int(1, 250)}`;
    const socket = new WebSocket(this.#url, [subprotocols[rendering]], {
      localAddress,
      handshakeTimeout: closeWithinMs,
    });
    const record = recordOf(socket);
    await Promise.race([once(socket, 'open'), once(socket, 'close')]);
    record.note(`open, ${rendering}, from ${localAddress}`);
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    const say = (frame: Uint8Array | string): void => {
      record.sent(frame);
      socket.send(frame);
    };
    if (random.chance(0.9)) say(this.#hello(rendering));
    let sent = 0;
    let mustEnd = false;
    while (sent < framesMax && !mustEnd && socket.readyState === WebSocket.OPEN) {
      const frame = this.#frames.next(rendering);
      const refused = isRefused(frame);
      // Most connections are to last a while.
      if (refused && random.chance(0.9)) continue;
      say(frame);
      sent += 1;
      mustEnd = refused;
      if (random.chance(0.1)) await new Promise((resolve) => setImmediate(resolve));
    }
    if (mustEnd) await this.#judgeEnd(socket, closed, record);
    socket.terminate();
    return sent;
  }

  /** Throws when the server does not end the connection; the complaint has all that is known of it. */
  async #judgeEnd(socket: WebSocket, closed: Promise<void>, record: Record): Promise<void> {
    const waited = await patience(closed, closeWithinMs);
    if (waited.happened) return;
    record.note(`not ended; state ${socket.readyState}, ${socket.bufferedAmount} bytes unsent`);
    const complaint = [
      `${this.#name}: the connection was not ended within ${waited.ms} ms.`,
      `This process stood still for ${waited.stillMs} ms at most.`,
      await serverSigns(this.#url),
    ];
    const late = await patience(closed, lateMs);
    record.note(late.happened ? 'ended late' : 'still open');
    throw new Error([...complaint, String(record)].join('\n'));
  }

  #hello(rendering: Rendering): Uint8Array | string {
    const secret = new TextEncoder().encode(this.#name.padEnd(16, '.'));
    const clientId = clientIdOf(this.#name);
    if (rendering === 'json') {
      const base64 = Buffer.from(secret).toString('base64');
      const hello = { kind: 'hello', version: PROTOCOL_VERSION, clientId, secret: { base64 } };
      return JSON.stringify({ ...hello, agent: '' });
    }
    const hello = {
      kind: 'hello',
      version: PROTOCOL_VERSION,
      clientId,
      secret,
      agent: '',
    } as const;
    return joinMessages([encodeMessage(fromClient, hello)]);
  }
}

function recordOf(socket: WebSocket): Record {
  const record = new Record();
  socket.on('error', (error) => record.note(`error ${error.message}`));
  socket.on('message', (data: Buffer, isBinary) => record.received(data, isBinary));
  socket.on('close', (code, reason) => record.note(`closed ${code} ${reason.toString()}`));
  return record;
}
