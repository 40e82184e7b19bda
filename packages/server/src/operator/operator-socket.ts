/**
 * The operator's door: a socket in the data directory. Who may enter the directory may ask, so the file
 * system decides, and nobody else has to (O5).
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Log } from '../log/log.ts';
import {
  type OperatorReply,
  type OperatorRequest,
  parseRequest,
  requestBytesMax,
  socketIn,
} from './request.ts';

/** What the operating system takes (sun_path), less a little. */
const pathBytesMax = 100;
const idleMs = 10_000;

export type Answer = (request: OperatorRequest) => Promise<OperatorReply>;

/** Null, and a warning, when it cannot be had; a server runs without it. */
export function openOperatorSocket(data: string, answer: Answer, log: Log): Server | null {
  const path = socketIn(data);
  if (Buffer.byteLength(path) > pathBytesMax) {
    log.warn({ path }, 'the path is too long for a socket: choir admin cannot ask this server');
    return null;
  }
  // Of a server that was killed: the directory is ours alone.
  rmSync(path, { force: true });
  const server = createServer((socket) => converse(socket, answer, log));
  server.on('error', ({ message }) => log.warn({ path, message }, 'choir admin cannot ask'));
  server.listen(path, () => chmodSync(path, 0o600));
  return server;
}

function converse(socket: Socket, answer: Answer, log: Log): void {
  socket.on('error', () => socket.destroy());
  socket.setTimeout(idleMs, () => socket.destroy());
  let bytes = 0;
  socket.on('data', ({ length }) => {
    bytes += length;
    if (bytes > requestBytesMax) socket.destroy();
  });
  createInterface({ input: socket })
    // The end of the stream is told by the socket.
    .on('error', () => undefined)
    .once('line', (line) => {
      socket.setTimeout(0);
      const request = parseRequest(line);
      if (request === null) {
        send(socket, { kind: 'refused', code: 'MALFORMED', message: 'This is no request.' });
        return;
      }
      log.info({ ...request }, 'the operator asks');
      answer(request).then(
        (reply) => send(socket, reply),
        (error: Error) => send(socket, { kind: 'refused', code: 'FAILED', message: error.message }),
      );
    });
}

function send(socket: Socket, reply: OperatorReply): void {
  if (!socket.destroyed) socket.end(`${JSON.stringify(reply)}\n`);
}
