/** Makes a client of its options: the one place where a session meets sockets, time and randomness. */
import { limits } from '@choir/protocol';
import { ChoirError, clientError, errorText } from './choir-error.ts';
import { Client } from './client.ts';
import { Core } from './core.ts';
import { bytesOf } from './data.ts';
import { Driver } from './driver.ts';
import { checkText } from './group.ts';
import type { WebSocketConstructor } from './link.ts';
import { clientNamed, displayNamed } from './names.ts';
import { type Identity, MemoryOutbox, type OutboxStore } from './outbox-store.ts';
import { Session } from './session/index.ts';
import { checkToken, type TokenSource } from './token.ts';

/** Who the client is, and what it may use. All of it may be left out. */
export type ConnectOptions = {
  /**
   * The client id to have, for ever, 1–64 bytes without slashes or white space; without one the server
   * issues it. It belongs to whoever has its secret.
   */
  readonly clientId?: string;
  /** 16–64 bytes that prove the identity; random by default. */
  readonly secret?: Uint8Array;
  /**
   * For a server that asks for credentials: a token of its issuer, or a function that gives one that holds
   * now. The function is asked before each connection and a while before a token expires; a token that
   * is a text ends with its time (CREDENTIALS_EXPIRED).
   */
  readonly token?: TokenSource;
  /** Name by which members see this client, 1–64 bytes, unless `join` gives another; default "anonymous". */
  readonly name?: string;
  /** Names the program to the server, up to 100 bytes. */
  readonly agent?: string;
  /**
   * Where what is pending is kept beyond the process or the page, and with it who the client is; default
   * nowhere. `FileOutbox` of `@choir/client/node`, `BrowserOutbox` of `@choir/client/browser`.
   */
  readonly outbox?: OutboxStore;
  /** Messages that may be pending; default 10,000. More are refused at once (OUTBOX_FULL). */
  readonly outboxMessagesMax?: number;
  /** Bytes that they may take; default 64 MiB. */
  readonly outboxBytesMax?: number;
  /** Bytes that may wait in the socket before sending pauses; default 1 MiB. */
  readonly bufferBytesMax?: number;
  /** The runtime's own by default. */
  readonly WebSocket?: WebSocketConstructor;
};

/**
 * Connects to a server. Several addresses are tried in turn until one says welcome; the client stays
 * with that one, since what it knows of groups and what it has sent means nothing to another. Returns at
 * once: the client can be used before it is connected, and while it is not. A connection that is lost is
 * tried again after at most 8 s, for as long as the client is not closed.
 *
 * @param urls One address or several, `ws:` or `wss:`.
 * @param options Who the client is; see there.
 * @returns The client, which is trying to connect.
 * @throws BAD_NAME for an id or a name that breaks the rules; IDENTITY when the secret has less than 16
 *   or more than 64 bytes, or the outbox belongs to another client; TOKEN when the token cannot be one;
 *   NO_WEBSOCKET. A TypeError when an address is none.
 * @example
 * const client = connect('ws://127.0.0.1:7400', { name: 'Ann' });
 * const group = await client.join('lobby');
 * await group.broadcast('hello');
 * await client.close();
 */
export function connect(urls: string | readonly string[], options: ConnectOptions = {}): Client {
  const addresses = typeof urls === 'string' ? [urls] : [...urls];
  addresses.forEach(checkAddress);
  if (addresses.length === 0) throw new TypeError('At least one address is needed.');
  const { outbox: store = new MemoryOutbox(), agent = '', bufferBytesMax = 2 ** 20 } = options;
  checkText('name of a program', agent, limits.agentBytes);
  const { token = null } = options;
  if (typeof token === 'string') checkToken(token);
  const stored = store.load();
  const identity = identityOf(options, stored.identity);
  const session = new Session({
    clientId: identity.clientId === null ? null : clientNamed(identity.clientId),
    outboxMessagesMax: options.outboxMessagesMax,
    outboxBytesMax: options.outboxBytesMax,
    secret: identity.secret,
    asksForToken: token !== null,
    agent,
    servers: addresses.length,
    home: homeOf(addresses, stored.identity),
    random,
    stored: stored.records,
    lastLocalId: stored.identity === null ? firstLocalId(options) : stored.lastLocalId,
  });
  const driver = new Driver({
    session,
    urls: addresses,
    store,
    secret: identity.secret,
    token,
    WebSocket: options.WebSocket ?? ownWebSocket(),
    bufferBytesMax,
    now: () => performance.now(),
    emit: (event) => core.dispatch(event),
    changed: () => client.changed(),
    storeFailed: (error) => core.fail(outboxError(error)),
  });
  const core = new Core(session, driver, (event) => client.tell(event));
  const name = displayNamed(options.name ?? 'anonymous');
  const client = new Client({ core, name, urls: addresses, settle: () => driver.settle() });
  driver.start(stored.identity === null ? identity : null);
  return client;
}

/** Which of the servers knows this client; null when none is known to, or when it has moved. */
function homeOf(addresses: readonly string[], stored: Identity | null): number | null {
  const index = stored?.server === undefined ? -1 : addresses.indexOf(stored.server);
  return index === -1 ? null : index;
}

/** A store may know better what its failure means. */
function outboxError(error: unknown): ChoirError {
  if (error instanceof ChoirError) return error;
  return new ChoirError('OUTBOX_FAILED', errorText(error), { cause: error });
}

/** What is stored is who this client is; options may repeat it, not change it. */
function identityOf(options: ConnectOptions, stored: Identity | null): Identity {
  const { clientId = null, secret } = options;
  if (secret !== undefined) checkSecret(secret);
  if (stored === null) {
    const made = secret === undefined ? crypto.getRandomValues(new Uint8Array(32)) : secret;
    return { clientId, secret: bytesOf(made) };
  }
  const other = clientId !== null && stored.clientId !== null && clientId !== stored.clientId;
  if (other || (secret !== undefined && !equal(secret, stored.secret))) {
    throw new ChoirError('IDENTITY', 'The outbox belongs to another client.');
  }
  return { clientId: stored.clientId ?? clientId, secret: stored.secret };
}

function checkSecret({ length }: Uint8Array): void {
  const { secretBytesMin, secretBytes } = limits;
  if (length >= secretBytesMin && length <= secretBytes) return;
  throw new ChoirError('IDENTITY', `A secret has ${secretBytesMin} to ${secretBytes} bytes.`);
}

/**
 * A client id that is used again without its outbox must not use a local id again. Time grows by a
 * thousand for each millisecond, and so faster than messages can be sent. A secret that was made just
 * now cannot have been used before.
 */
function firstLocalId({ clientId, secret }: ConnectOptions): number {
  return clientId === undefined || secret === undefined ? 0 : Date.now() * 1_000;
}

function checkAddress(address: string): void {
  if (/^wss?:$/.test(new URL(address).protocol)) return;
  throw new TypeError(`${address} is no address of a WebSocket (ws: or wss:).`);
}

function ownWebSocket(): WebSocketConstructor {
  if (typeof WebSocket === 'undefined') {
    throw clientError('NO_WEBSOCKET');
  }
  return WebSocket;
}

/** Uniform in [0, 1). */
function random(): number {
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
  return drawn / 2 ** 32;
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
