/** corosync as a system under load: a daemon on each host, and the clients that load them. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Namespaces, onProcessEnd, runCommand } from '@choir/testkit/node';
import type { Load, Report } from '../../load.ts';
import { ProgramError, reportsOf } from '../../programs.ts';
import type { System } from '../../system.ts';
import { Views } from '../../views.ts';
import { configurationFor } from './configuration.ts';
import { Daemon } from './daemon.ts';

const source = fileURLToPath(new URL('./cpg-load.c', import.meta.url));
const readyWithinMs = 60_000;
const pollMs = 50;
/** Beyond its time of sending: all to join, what is queued to be delivered. */
const loadPatienceMs = 60_000;

export class Corosync implements System {
  #folder: string | null = null;
  #daemons: readonly Daemon[] = [];
  #forget: () => void = () => {};

  async start(network: Namespaces): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'choir-corosync-'));
    const remove = () => rmSync(folder, { recursive: true, force: true });
    this.#folder = folder;
    this.#forget = onProcessEnd(remove);
    runCommand(['gcc', '-O2', '-o', join(folder, 'cpg-load'), source, '-lcpg']);
    const configuration = configurationFor(network.hosts);
    this.#daemons = network.hosts.map((host) => {
      const own = join(folder, String(host.number));
      mkdirSync(own);
      return new Daemon(network, host, own, configuration);
    });
    const deadline = performance.now() + readyWithinMs;
    while (!this.#daemons.every((daemon) => daemon.isReady(network.hosts.length))) {
      if (performance.now() > deadline) throw new ProgramError('corosync found no quorum.');
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  run(load: Load): Promise<readonly Report[]> {
    const { senders, payloadBytes, ratePerSecond, warmUpSeconds } = load;
    const seconds = load.seconds + warmUpSeconds;
    const nodes = this.#daemons.length;
    const figures = [nodes, senders, payloadBytes, seconds, ratePerSecond, warmUpSeconds];
    const programs = this.#daemons.map((daemon) => {
      const role = daemon.host.number <= senders ? ['send'] : [];
      return daemon.spawn([this.#client(), 'load', ...figures.map(String), ...role]);
    });
    return reportsOf(programs, seconds * 1_000 + loadPatienceMs);
  }

  async watch(): Promise<Views> {
    const sinceNs = process.hrtime.bigint();
    const views = new Views(this.#daemons.map((daemon) => daemon.spawn([this.#client(), 'watch'])));
    try {
      const all = this.#daemons.map(({ host }) => host.number);
      await views.until(all, all.length, { sinceNs, withinMs: readyWithinMs });
      return views;
    } catch (error) {
      await views.stop();
      throw error;
    }
  }

  kill(node: number): void {
    void this.#daemons[node - 1]?.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await Promise.all(this.#daemons.map((daemon) => daemon.end('SIGTERM')));
    this.#daemons = [];
    this.#forget();
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = null;
  }

  #client(): string {
    return join(this.#folder ?? '', 'cpg-load');
  }
}
