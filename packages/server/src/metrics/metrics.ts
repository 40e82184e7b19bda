/**
 * The figures of a server in the words of Prometheus (docs/operations.md has what each means).
 *
 * M1 Nothing is done for a message: the host and the sockets count in any case, commits are observed
 *    one by one, everything else is read when somebody asks (O3).
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Figures } from '../host/index.ts';
import type { Traffic } from './traffic.ts';

export type Watched = {
  /** Null until the host is there. */
  readonly figures: () => Figures | null;
  readonly traffic: Traffic;
  /** How many the door turned away, by the reason. */
  readonly turnedAway: Readonly<Record<string, number>>;
  readonly version: string;
};

/** From a fast disk in an idle moment to one that clients already feel. */
const commitSeconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const batchEntries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];

type Reading = (figures: Figures) => number;

export class Metrics {
  readonly contentType: string;
  readonly #registry = new Registry();
  readonly #watched: Watched;
  readonly #commitSeconds: Histogram;
  readonly #batchEntries: Histogram;
  #readsProcess = false;

  constructor(watched: Watched) {
    this.#watched = watched;
    this.contentType = this.#registry.contentType;
    const registers = [this.#registry];
    this.#commitSeconds = new Histogram({
      name: 'choir_commit_seconds',
      help: 'Time from asking the journal for a commit until it is on disk.',
      buckets: commitSeconds,
      registers,
    });
    this.#batchEntries = new Histogram({
      name: 'choir_commit_entries',
      help: 'Entries in one commit.',
      buckets: batchEntries,
      registers,
    });
    this.#addLevels();
    this.#addCounts();
    this.#addTraffic();
    this.#addDoor();
    new Gauge({
      name: 'choir_info',
      help: 'Always 1; the version is a label.',
      labelNames: ['version'],
      registers,
    }).set({ version: watched.version }, 1);
  }

  committed(entries: number, ms: number): void {
    this.#commitSeconds.observe(ms / 1_000);
    this.#batchEntries.observe(entries);
  }

  async text(): Promise<string> {
    // Watching the process costs a little, so it begins with the first who asks.
    if (!this.#readsProcess) collectDefaultMetrics({ register: this.#registry });
    this.#readsProcess = true;
    return this.#registry.metrics();
  }

  #addLevels(): void {
    this.#level('choir_connections', 'Open connections.', (now) => now.connections);
    this.#level('choir_sessions', 'Connections with an attached client.', (now) => now.sessions);
    this.#level('choir_groups', 'Groups that exist.', (now) => now.groups);
    this.#level('choir_clients', 'Clients that are known.', (now) => now.clients);
    this.#level(
      'choir_slow_readers',
      'Sessions whose client has to read before more is sent.',
      (now) => now.slowReaders,
    );
    this.#level('choir_head', 'The newest global id.', (now) => now.head.seq);
    this.#level('choir_epoch', 'The epoch of the log.', (now) => now.head.epoch);
    this.#level('choir_tail_bytes', 'Recent deliveries in memory.', (now) => now.tailBytes);
    this.#level('choir_content_bytes', 'Content of objects in memory.', (now) => now.contentBytes);
  }

  #addCounts(): void {
    this.#count('choir_entries_total', 'Entries committed.', ({ tally }) => tally.entries);
    this.#count(
      'choir_deliveries_total',
      'Deliveries sent, each as often as it had readers.',
      ({ tally }) => tally.deliveries,
    );
    this.#count(
      'choir_acknowledgements_total',
      'Submissions that took effect.',
      ({ tally }) => tally.acknowledged,
    );
    this.#countByCode(
      'choir_refusals_total',
      'Submissions and requests refused.',
      ({ tally }) => tally.refused,
    );
    this.#countByCode(
      'choir_connections_ended_total',
      'Connections ended by the server, or by a goodbye of the client (BYE).',
      ({ tally }) => tally.ended,
    );
  }

  #addTraffic(): void {
    const { traffic } = this.#watched;
    const registers = [this.#registry];
    new Counter({
      name: 'choir_received_bytes_total',
      help: 'Bytes received over connections of clients.',
      registers,
      collect() {
        this.reset();
        this.inc(traffic.bytes.received);
      },
    });
    new Counter({
      name: 'choir_sent_bytes_total',
      help: 'Bytes sent over connections of clients.',
      registers,
      collect() {
        this.reset();
        this.inc(traffic.bytes.sent);
      },
    });
  }

  #addDoor(): void {
    const { turnedAway } = this.#watched;
    new Counter({
      name: 'choir_turned_away_total',
      help: 'Connections turned away: pages of foreign origins, too many from one address.',
      labelNames: ['why'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [why, times] of Object.entries(turnedAway)) this.inc({ why }, times);
      },
    });
  }

  #level(name: string, help: string, read: Reading): void {
    const { figures } = this.#watched;
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        const now = figures();
        this.set(now === null ? 0 : read(now));
      },
    });
  }

  #count(name: string, help: string, read: Reading): void {
    const { figures } = this.#watched;
    new Counter({
      name,
      help,
      registers: [this.#registry],
      collect() {
        const now = figures();
        this.reset();
        this.inc(now === null ? 0 : read(now));
      },
    });
  }

  #countByCode(name: string, help: string, read: (now: Figures) => ReadonlyMap<string, number>) {
    const { figures } = this.#watched;
    new Counter({
      name,
      help,
      labelNames: ['code'],
      registers: [this.#registry],
      collect() {
        const now = figures();
        this.reset();
        if (now === null) return;
        for (const [code, times] of read(now)) this.inc({ code }, times);
      },
    });
  }
}
