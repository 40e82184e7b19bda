/** What a workload is: what it measures of one server, and what is expected of it. */
import type { PeerName } from './load/task.ts';
import { PeerServer } from './peers/server.ts';

export type Target = { readonly bound: 'at least' | 'at most'; readonly value: number };

export type Metric = {
  readonly name: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  /** Of ours alone; absent when only the ratio counts. */
  readonly target?: Target;
  /** Of the ratio to each peer. */
  readonly ratioTarget?: number;
};

/** What one server reached in one run, by metric. */
export type Values = ReadonlyMap<string, number>;

export type Work = {
  readonly name: string;
  readonly summary: string;
  readonly metrics: readonly Metric[];
  readonly peers: readonly Exclude<PeerName, 'choir'>[];
  measure(peer: PeerName, seconds: number): Promise<Values>;
};

export async function withServer<T>(
  peer: PeerName,
  use: (server: PeerServer) => Promise<T>,
): Promise<T> {
  const server = new PeerServer(peer);
  try {
    await server.start();
    return await use(server);
  } finally {
    await server.stop();
  }
}

export function atLeast(value: number): Target {
  return { bound: 'at least', value };
}

export function atMost(value: number): Target {
  return { bound: 'at most', value };
}
