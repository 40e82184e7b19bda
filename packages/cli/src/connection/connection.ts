/**
 * A client as commands use it: opened from the options, watched for whether a server is there, and
 * every answer awaited no longer than the user wants to wait.
 */
import { ChoirError, type Client, connect, type TokenSource } from '@choir/client';
import type { Given } from '../arguments/given.ts';
import type { Context } from '../context.ts';
import { Failure } from '../failure.ts';
import { Identity } from '../identity/identity.ts';
import { clientFailure } from './client-failure.ts';
import { Ending } from './ending.ts';
import { tellLeftOver, tellRemainder } from './pending-notes.ts';
import { Reachability } from './reachability.ts';
import { serversOf } from './servers.ts';
import { tokenSource } from './token-source.ts';

const patienceMs = 10_000;
/** For taking leave of a server that may not be there. */
const partingMs = 3_000;

/** The runtime does not say why a TLS connection did not come about. */
const unknownIssuer =
  'If this machine does not know the issuer of its certificate: NODE_EXTRA_CA_CERTS=FILE choir …';

export type ConnectionOptions = {
  /** Goes on trying until interrupted. */
  readonly longRunning: boolean;
};

export class Connection {
  readonly client: Client;
  readonly identity: Identity | undefined;
  readonly #context: Context;
  readonly #servers: readonly string[];
  /** 0: for ever. */
  readonly #timeoutMs: number;
  readonly #reachability: Reachability;
  /** The client can do nothing more. */
  readonly #end = new Ending();
  /** The user wants no more. */
  readonly #interruption = new Ending();
  /** Leaves and releases that were not answered. */
  #partings = 0;

  private constructor(
    context: Context,
    servers: readonly string[],
    options: ConnectionOptions & {
      readonly identity: Identity | undefined;
      readonly timeoutMs: number;
      readonly token: TokenSource | undefined;
    },
  ) {
    const { identity, timeoutMs, longRunning } = options;
    const own = identity === undefined ? {} : { clientId: identity.id, outbox: identity.outbox };
    const shown = options.token === undefined ? {} : { token: options.token };
    this.client = connect(servers, { ...own, ...shown, agent: 'choir' });
    this.identity = identity;
    this.#context = context;
    this.#servers = servers;
    this.#timeoutMs = timeoutMs;
    this.#reachability = new Reachability(this.client, {
      output: context.output,
      servers,
      longRunning,
    });
    this.client.on('ended', ({ code, message }) => {
      if (code !== 'CLOSED') this.#end.come(this.#failure(new ChoirError(code, message)));
    });
    const { signal, failure } = context.interruption;
    signal.addEventListener('abort', () => this.#interruption.come(failure()));
    if (identity !== undefined) tellLeftOver(this.client, identity, context.output);
  }

  static async open(
    given: Given,
    context: Context,
    { longRunning }: ConnectionOptions,
  ): Promise<Connection> {
    const servers = serversOf(given, context.environment);
    const token = tokenSource(given, context.environment);
    const timeoutMs = longRunning ? 0 : (given.durationMs('timeout') ?? patienceMs);
    const id = given.clientId('id');
    const [first = ''] = servers;
    const identity =
      id === undefined ? undefined : await Identity.open(id, first, context.environment);
    return new Connection(context, servers, { longRunning, identity, timeoutMs, token });
  }

  /** The client can do nothing more. */
  get isOver(): boolean {
    return this.client.connection.state === 'closed';
  }

  /** The result, or a failure: refused, no answer in time, interrupted, the identity refused. */
  async answer<T>(result: Promise<T>): Promise<T> {
    if (this.#timeoutMs === 0) return this.lasting(result);
    const patience = new Ending();
    const timer = setTimeout(() => patience.come(this.#unreachable()), this.#timeoutMs);
    try {
      return await this.lasting(patience.before(result));
    } finally {
      clearTimeout(timer);
    }
  }

  /** As `answer`, for as long as it takes. */
  async lasting<T>(result: Promise<T>): Promise<T> {
    try {
      return await this.#interruption.before(this.#end.before(result));
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Takes leave, as far as that can be had within a few seconds; returns whether it could. */
  async parting(leave: () => Promise<unknown>): Promise<boolean> {
    if (this.isOver) return false;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), partingMs);
    });
    this.#partings += 1;
    const left = leave().then(
      () => {
        this.#partings -= 1;
        return true;
      },
      () => false,
    );
    const inOrder = await Promise.race([left, tooLate]);
    clearTimeout(timer);
    return inOrder;
  }

  /** Resolves when the user ends it; for what goes on until then. */
  untilInterrupted(): Promise<void> {
    return this.#end.before(this.#context.interruption.came);
  }

  /** Resolves when nothing is pending any more, also of earlier runs. */
  async drained(): Promise<void> {
    while (this.client.pending > 0) await this.answer(this.#pendingChanged());
  }

  /** Says what is still pending, and ends. */
  async close(): Promise<void> {
    this.#reachability.stop();
    const { output } = this.#context;
    if (this.#partings > 0) output.note('no leave could be taken of the server; it will notice');
    const { identity, isOver } = this;
    const messages = this.client.pending - this.#partings;
    const { wasOnline } = this.#reachability;
    tellRemainder({ messages, identity, wasOnline, isOver }, output);
    await this.client.close();
  }

  #pendingChanged(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.client.on('pending', () => {
        stop();
        resolve();
      });
    });
  }

  #unreachable(): Failure {
    const seconds = this.#timeoutMs / 1_000;
    if (this.client.connection.state === 'online') {
      return new Failure(
        'unreachable',
        `no answer from ${this.client.connection.url} in ${seconds} s`,
      );
    }
    return new Failure(
      'unreachable',
      `no server at ${this.#servers.join(' or ')}; gave up after ${seconds} s.`,
      'Start one with `choir serve`, or name another with --server.',
      ...(this.#servers.some((url) => url.startsWith('wss:')) ? [unknownIssuer] : []),
    );
  }

  #failure(error: unknown): unknown {
    const { identity } = this;
    const wrong = error instanceof ChoirError && error.code === 'WRONG_SECRET';
    // A secret that was made in vain would stand in the way of the right one.
    if (wrong && identity?.isNew === true) identity.forget();
    return clientFailure(error, identity);
  }
}
