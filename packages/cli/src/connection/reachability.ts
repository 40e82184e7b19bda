/** Tells the user when no server answers, when the connection is lost, and when it is back. */
import type { Client, ConnectionInfo } from '@choir/client';
import type { Output } from '../output/output.ts';

/** Without a server for this long, the user is told. */
const quietMs = 600;

export type ReachabilityOptions = {
  readonly output: Output;
  readonly servers: readonly string[];
  readonly longRunning: boolean;
};

export class Reachability {
  readonly #client: Client;
  readonly #options: ReachabilityOptions;
  #timer: NodeJS.Timeout | undefined;
  #wasOnline = false;
  /** An attempt has failed: it is not just a server that takes its time. */
  #failed = false;
  #told = false;

  constructor(client: Client, options: ReachabilityOptions) {
    this.#client = client;
    this.#options = options;
    this.#arm();
    client.on('connection', (info) => this.#changed(info));
  }

  /** A server was there at some time. */
  get wasOnline(): boolean {
    return this.#wasOnline;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #changed(info: ConnectionInfo): void {
    const { output, longRunning } = this.#options;
    if (info.state === 'online') {
      this.stop();
      this.#timer = undefined;
      if (this.#told) output.note(`connected to ${info.url}`);
      if (this.#told && longRunning) this.#record('online', info.url);
      this.#told = false;
      this.#failed = false;
      this.#wasOnline = true;
    } else if (info.state === 'closed') this.stop();
    else {
      this.#failed ||= info.state === 'offline';
      this.#arm();
    }
  }

  #arm(): void {
    if (this.#told || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#tell(), quietMs);
  }

  #tell(): void {
    const { output, servers, longRunning } = this.#options;
    const { url } = this.#client.connection;
    this.#told = true;
    const where = servers.join(' or ');
    const then = longRunning ? 'still trying, Ctrl-C to stop' : 'still trying';
    if (!this.#failed) output.note(`no answer from ${where} yet; ${then}`);
    else if (this.#wasOnline) output.note(`the connection to ${url} was lost; ${then}`);
    else output.note(`no server at ${where}; start one with \`choir serve\`; ${then}`);
    if (longRunning) this.#record('offline', url);
  }

  #record(status: 'online' | 'offline', server: string): void {
    const { pending } = this.#client;
    this.#options.output.result({ type: 'connection', status, server, pending }, '');
  }
}
