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
import { type Frames, isRefused, type Rendering } from './frames.ts';

/** Frames of one connection, at most. */
const framesMax = 60;
/** A server that has to end a connection does so within this. */
const closeWithinMs = 20_000;

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
    const socket = new WebSocket(this.#url, [subprotocols[rendering]], { localAddress });
    socket.on('error', () => {});
    await Promise.race([once(socket, 'open'), once(socket, 'close')]);
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    if (random.chance(0.9)) socket.send(this.#hello(rendering));
    let sent = 0;
    let mustEnd = false;
    while (sent < framesMax && !mustEnd && socket.readyState === WebSocket.OPEN) {
      const frame = this.#frames.next(rendering);
      const refused = isRefused(frame);
      // Most connections are to last a while.
      if (refused && random.chance(0.9)) continue;
      socket.send(frame);
      sent += 1;
      mustEnd = refused;
      if (random.chance(0.1)) await new Promise((resolve) => setImmediate(resolve));
    }
    if (mustEnd) await within(closed, `${this.#name}: the connection was not ended`);
    socket.terminate();
    return sent;
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

async function within(event: Promise<void>, complaint: string): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(complaint)), closeWithinMs);
  });
  await Promise.race([event, late]).finally(() => clearTimeout(timer));
}
