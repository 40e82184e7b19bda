/** What the operator is told of one connection. The client's name is known from its welcome on. */
import type { Socket } from 'node:net';
import type { ClientId, Code } from '@choir/protocol';
import type { Log } from '../log/log.ts';

/** Ends that tell of something to look at: the server is short of something, or a client is. */
const alarming: ReadonlySet<Code | 'BYE'> = new Set(['TOO_SLOW', 'LIMIT', 'STORAGE']);
/** Ends in the ordinary course of things. */
const ordinary: ReadonlySet<Code | 'BYE'> = new Set(['BYE', 'SHUTDOWN', 'SUPERSEDED', 'IDLE']);

export class LineLog {
  readonly #log: Log;
  readonly #socket: Socket;
  readonly #connection: number;
  readonly #address: string;
  readonly #openedAt = performance.now();
  #client: ClientId | undefined;

  constructor(log: Log, socket: Socket, connection: number) {
    this.#log = log;
    this.#socket = socket;
    this.#connection = connection;
    this.#address = socket.remoteAddress ?? '';
    log.debug({ connection, address: this.#address }, 'connection opened');
  }

  admitted(client: ClientId | null): void {
    this.#client = client ?? undefined;
    this.#log.debug(this.#who, 'client attached');
  }

  /** The server ends it. */
  ended(code: Code | 'BYE'): void {
    const level = alarming.has(code) ? 'warn' : ordinary.has(code) ? 'debug' : 'info';
    this.#log[level]({ ...this.#who, code }, 'connection ended');
  }

  closed(): void {
    const { bytesRead: received, bytesWritten: sent } = this.#socket;
    const ms = Math.round(performance.now() - this.#openedAt);
    this.#log.debug({ ...this.#who, received, sent, ms }, 'connection closed');
  }

  get #who() {
    return { connection: this.#connection, client: this.#client, address: this.#address };
  }
}
