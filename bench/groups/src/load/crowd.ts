/** Load clients of one target, opened some at a time. */
import { BareWsClient } from '../wire/bare-ws.ts';
import { ChoirClient } from '../wire/choir.ts';
import { NatsClient } from '../wire/nats.ts';
import { SocketIoClient } from '../wire/socket-io.ts';
import type { WireClient, WireOptions } from '../wire/wire.ts';
import type { PeerName } from './task.ts';

/** Connections that are being made at the same time: what a listening socket takes at once. */
const openingMax = 50;

export function clientOf(peer: PeerName, options: WireOptions): WireClient {
  switch (peer) {
    case 'choir':
      return new ChoirClient(options);
    case 'socket.io':
      return new SocketIoClient(options);
    case 'ws':
      return new BareWsClient(options);
    case 'nats':
      return new NatsClient(options);
    default:
      return peer satisfies never;
  }
}

/** Does something to all, with a bound on how many are under way. */
export async function each<T>(all: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let one = all[next++]; one !== undefined; one = all[next++]) await act(one);
  };
  await Promise.all(Array.from({ length: openingMax }, lane));
}
