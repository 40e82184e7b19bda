// dumpcap on the loopback of a host, and what it has captured.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Host, Namespaces } from '@choir/testkit/node';
import { type Packet, packetsOf } from './packets.ts';

const withinMs = 20_000;

export class Sniffer {
  readonly #child: ChildProcess;
  readonly #file: string;

  private constructor(child: ChildProcess, file: string) {
    this.#child = child;
    this.#file = file;
  }

  /**
   * Resolves when it captures. It ends with its network.
   *
   * @param folder where the capture stands while it is made
   */
  static async start(network: Namespaces, host: Host, folder: string): Promise<Sniffer> {
    const file = join(folder, 'all.pcap');
    // As pcap, since pcapng would tell of the machine. Without the unreachable port of the dead.
    const command = ['dumpcap', '-i', 'lo', '-f', 'udp', '-P', '-w', file] as const;
    const child = network.spawn(host, [...command], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    const late = AbortSignal.timeout(withinMs);
    for (const ended = once(child, 'exit'); !said.includes('File: '); ) {
      const [news] = await Promise.race([
        once(child.stderr ?? child, 'data', { signal: late }),
        ended.then(() => Promise.reject(new Error(`dumpcap ended: ${said.trim()}`))),
      ]);
      said += String(news);
    }
    child.stderr?.resume();
    return new Sniffer(child, file);
  }

  /**
   * Ends it when it has a packet of that time or later.
   *
   * @param time milliseconds since 1970
   */
  async packetsTo(time: number): Promise<readonly Packet[]> {
    const late = AbortSignal.timeout(withinMs);
    const watcher = watch(this.#file);
    try {
      while ((packetsOf(readFileSync(this.#file)).at(-1)?.time ?? 0) < time) {
        await once(watcher, 'change', { signal: late }).catch(() => {
          throw new Error(`dumpcap has no packet of that time after ${withinMs} ms.`);
        });
      }
    } finally {
      watcher.close();
    }
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
    return packetsOf(readFileSync(this.#file));
  }
}
