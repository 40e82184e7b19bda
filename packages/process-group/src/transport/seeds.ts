/** Seeds by name: each name stands for all of its addresses, as they are when the transport is opened. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { NetworkOptions } from '@choir/drivers';
import { GroupError } from '../group-error.ts';

/** The same network, with addresses for names among its seeds. @throws GroupError `group-option` when nothing is found for any seed */
export async function resolveSeeds(network: NetworkOptions): Promise<NetworkOptions> {
  if (network.kind !== 'unicast' || network.seeds === undefined) return network;
  const found = await Promise.all(network.seeds.map(addressesOf));
  const seeds = found.flatMap((one) => one.seeds);
  const problems = found.flatMap(({ problem }) => (problem === null ? [] : [problem]));
  if (seeds.length === 0 && problems.length > 0) {
    throw new GroupError('group-option', `No seed has an address: ${problems.join('; ')}.`);
  }
  return { ...network, seeds };
}

type Found = { readonly seeds: readonly string[]; readonly problem: string | null };

async function addressesOf(seed: string): Promise<Found> {
  const [, name, port] = /^([^:[\]/\s]+):(\d+)$/.exec(seed) ?? [];
  if (name === undefined || isIP(name) !== 0) return { seeds: [seed], problem: null };
  try {
    const addresses = await lookup(name, { all: true });
    const seeds = addresses.map(({ address, family }) =>
      family === 6 ? `[${address}]:${port}` : `${address}:${port}`,
    );
    return { seeds, problem: null };
  } catch (error) {
    return { seeds: [], problem: `${seed}: ${(error as Error).message}` };
  }
}
