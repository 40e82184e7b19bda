/** The servers under load, each a process of its own, as a user would start it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { PeerName, Target } from '../load/task.ts';

const choir = fileURLToPath(new URL('../../../../packages/cli/bin/choir.mjs', import.meta.url));
const stopWithinMs = 10_000;

export class PeerServer {
  readonly #peer: PeerName;
  readonly #folder = mkdtempSync(join(tmpdir(), 'choir-bench-'));
  #child: ChildProcess | null = null;
  #port = 0;

  constructor(peer: PeerName) {
    this.#peer = peer;
  }

  get target(): Target {
    return { peer: this.#peer, port: this.#port, pid: this.#child?.pid ?? 0 };
  }

  /** Starts it, on the port that it had before if there was one. Resolves when it is ready. */
  async start(): Promise<void> {
    if (this.#peer === 'nats' && this.#port === 0) this.#port = await freePort();
    const [command, ...args] = this.#commandLine();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#port = await (this.#peer === 'nats' ? this.#natsReady(child) : portOf(child));
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #commandLine(): [string, ...string[]] {
    const script = (file: string): [string, ...string[]] => [
      process.execPath,
      fileURLToPath(new URL(file, import.meta.url)),
    ];
    switch (this.#peer) {
      case 'choir':
        return [
          ...[process.execPath, choir, 'serve', '--json'],
          ...['--port', String(this.#port), '--data', this.#folder],
        ] as [string, ...string[]];
      case 'socket.io':
        return script('socket-io-server.ts');
      case 'ws':
        return script('bare-ws-server.ts');
      case 'nats': {
        const where = ['-a', '127.0.0.1', '-p', String(this.#port)];
        return ['nats-server', '-js', '-sd', this.#folder, ...where];
      }
      default:
        return this.#peer satisfies never;
    }
  }

  async #natsReady(child: ChildProcess): Promise<number> {
    for await (const line of linesOf(child, 'stderr')) {
      if (line.includes('Server is ready')) return this.#port;
    }
    throw new Error('nats-server did not start');
  }
}

/** Why a peer cannot take part, with the command that mends it; null when it can. */
export function missing(peer: PeerName): string | null {
  if (peer !== 'nats' || spawnSync('nats-server', ['--version']).status === 0) return null;
  return 'nats-server is not installed; on Debian: apt-get install nats-server';
}

/** Reads what a server of ours prints when it is ready. */
async function portOf(child: ChildProcess): Promise<number> {
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = `${errors}${text}`.slice(-2_000);
  });
  for await (const line of linesOf(child, 'stdout')) {
    const { port, url } = JSON.parse(line);
    if (typeof port === 'number') return port;
    if (typeof url === 'string') return Number(new URL(url).port);
  }
  throw new Error(`the server did not start:\n${errors}`);
}

async function* linesOf(child: ChildProcess, which: 'stdout' | 'stderr'): AsyncGenerator<string> {
  const stream = child[which];
  if (stream === null) return;
  const lines = createInterface({ input: stream });
  for await (const line of lines) yield line;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
