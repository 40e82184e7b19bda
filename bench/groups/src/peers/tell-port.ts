import type { AddressInfo } from 'node:net';

/** Tells the benchmark where the peer listens. */
export function tellPort(address: string | AddressInfo | null): void {
  if (typeof address !== 'object' || address === null) throw new Error('the peer has no port');
  console.log(JSON.stringify({ port: address.port }));
}
