/**
 * The two renderings of one protocol, by sub-protocol: what comes in, and what goes out as frames of
 * WebSocket.
 */
import {
  type Decoded,
  decodeFrame,
  decodeJsonFrame,
  encodeJsonMessage,
  type FromClient,
  fromClient,
  fromServer,
  joinJsonMessages,
  limits,
} from '@choir/protocol';
import { binaryFrame, textFrame } from './server-frame.ts';

export interface Rendering {
  read(data: Buffer, isBinary: boolean): Decoded<FromClient>;
  /** A frame as the host made it, as it goes out: as text it can take several. Not to be changed. */
  write(frame: Uint8Array): readonly Buffer[];
}

const wrongKind = (expected: string): Decoded<FromClient> => {
  const message = `this sub-protocol takes ${expected} frames`;
  return { ok: false, refusal: { code: 'MALFORMED', message } };
};

/**
 * Frames that many connections share come behind each other: the last one is remembered.
 */
function remembering<T>(render: (frame: Uint8Array) => T): (frame: Uint8Array) => T {
  let last: { readonly frame: Uint8Array; readonly rendered: T } | null = null;
  return (frame) => {
    if (last?.frame !== frame) last = { frame, rendered: render(frame) };
    return last.rendered;
  };
}

export const binaryRendering: Rendering = {
  read: (data, isBinary) =>
    isBinary ? decodeFrame(fromClient, data, limits.frameBytes) : wrongKind('binary'),
  write: remembering((frame) => [binaryFrame(frame)]),
};

export const jsonRendering: Rendering = {
  read: (data, isBinary) =>
    isBinary ? wrongKind('text') : decodeJsonFrame(fromClient, data.toString(), limits.frameBytes),
  write: remembering(jsonOf),
};

/** JSON is for people, tools and other languages: that it is made from the binary is cheap enough. */
function jsonOf(frame: Uint8Array): readonly Buffer[] {
  const decoded = decodeFrame(fromServer, frame, Number.MAX_SAFE_INTEGER);
  if (!decoded.ok)
    throw new Error(`The host made a frame that is none: ${decoded.refusal.message}`);
  return framesOf(decoded.messages.map((each) => encodeJsonMessage(fromServer, each)));
}

/** Text is longer than what it says in binary: the frames that a client takes (F4). */
function framesOf(lines: readonly string[]): readonly Buffer[] {
  const runs: string[][] = [];
  let room = 0;
  for (const line of lines) {
    const bytes = Buffer.byteLength(line) + 1;
    if (bytes > room) {
      runs.push([]);
      room = limits.frameBytes;
    }
    runs.at(-1)?.push(line);
    room -= bytes;
  }
  return runs.map((run) => textFrame(joinJsonMessages(run)));
}
