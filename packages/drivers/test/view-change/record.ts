/** A change of view as it is on a network: three processors, a few messages, and one of them is killed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeNamespaces } from '@choir/testkit/node';
import { captureOf } from './packets.ts';
import { Player } from './player.ts';
import { Sniffer } from './sniffer.ts';

const port = 7_400;
/** Of heartbeats after the last message. */
const marginMs = 60;

const first = ['one: hello', 'two: hello', 'three: hello'] as const;
/** Sent when three is dead and nobody knows: it is delivered when the others have agreed that it is. */
const meanwhile = 'one: three is dead';
const after = ['one: we are two', 'two: we are two'] as const;

/**
 * Records it in a network of its own, which is removed afterwards: needs root, dumpcap and what `canMakeNamespaces` asks for.
 *
 * @param key a cluster key in hexadecimal; with null nothing is encrypted
 * @returns a capture in pcap, from the first message to just after the last was delivered
 */
export async function recordViewChange(key: string | null): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'choir-capture-'));
  const network = await makeNamespaces({ hosts: 1 });
  try {
    const [host] = network.hosts;
    if (host === undefined) throw new RangeError('The network has no host.');
    const sniffer = await Sniffer.start(network, host, folder);
    const begin = (number: number, members: number): Player => {
      const addresses = Array.from({ length: members }, (_, at) => `127.0.0.${at + 1}`);
      const seeds = addresses.map((address) => `${address}:${port}`);
      return new Player(network, host, { number, host: `127.0.0.${number}`, port, seeds, key });
    };
    const one = begin(1, 0);
    await one.view(1);
    const two = begin(2, 1);
    await two.view(2);
    const three = begin(3, 2);
    for (const player of [one, two, three]) await player.view(3);

    const from = Date.now();
    for (const [at, player] of [one, two, three].entries()) player.send(first[at] ?? '');
    for (const player of [one, two, three]) await player.delivered(first);
    await three.kill();
    one.send(meanwhile);
    for (const player of [one, two]) await player.view(2);
    for (const [at, player] of [one, two].entries()) player.send(after[at] ?? '');
    for (const player of [one, two]) await player.delivered([meanwhile, ...after]);
    const to = Date.now();

    const packets = await sniffer.packetsTo(to + marginMs);
    return captureOf(packets.filter(({ time }) => time >= from && time <= to + marginMs));
  } finally {
    network.remove();
    rmSync(folder, { recursive: true });
  }
}
