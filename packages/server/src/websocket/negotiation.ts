/**
 * Which rendering, and which version, of the protocol a WebSocket speaks (V2, V4).
 *
 * A client of which no version is known here is let in all the same, to be told why it cannot stay:
 * of a handshake that failed a browser tells its page nothing.
 */
import { encodeJsonMessage, encodeMessage, fromServer, subprotocols } from '@choir/protocol';
import type { WebSocket } from 'ws';
import { closeCodeOf } from './close-code.ts';

const known: readonly string[] = Object.values(subprotocols);
const ofAnyVersion = /^choir\.\d+\.(binary|json)$/;

/** The first that is known; else the first of another version; false for none, and what is no Choir. */
export function chooseSubprotocol(offered: ReadonlySet<string>): string | false {
  const all = [...offered];
  const chosen = all.find((each) => known.includes(each));
  return chosen ?? all.find((each) => ofAnyVersion.test(each)) ?? false;
}

/** Without a sub-protocol the binary one of this version is spoken. */
export function speaksAnotherVersion({ protocol }: WebSocket): boolean {
  return protocol !== '' && !known.includes(protocol);
}

/** Says good bye in the form that all versions share (V5). */
export function refuseVersion(webSocket: WebSocket): void {
  const message =
    `This server speaks ${known.join(' and ')}, the client ${webSocket.protocol}. ` +
    'One of them has to be updated.';
  const goodbye = { kind: 'goodbye', code: 'VERSION', message } as const;
  const isJson = webSocket.protocol.endsWith('.json');
  webSocket.on('error', () => webSocket.terminate());
  webSocket.send(
    isJson ? encodeJsonMessage(fromServer, goodbye) : encodeMessage(fromServer, goodbye),
  );
  webSocket.close(closeCodeOf('VERSION'), 'VERSION');
}
