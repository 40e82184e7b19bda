/** A whole server: journal, host, HTTP and WebSockets put together. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Closing, type JournalOpened, openJournal } from '@choir/journal';
import type { ClientId } from '@choir/protocol';
import { followCertificate, readCertificate } from './gate/certificate.ts';
import { Door } from './gate/door.ts';
import { exposureProblem } from './gate/listening.ts';
import { type GateOptions, verifierOf } from './gate/opening.ts';
import { defaultSettings, Host, type HostSettings, type Stopped } from './host/index.ts';
import { HostDriver } from './host-driver.ts';
import { isLoopback } from './http/access.ts';
import { createHttpServer, createOperatorServer } from './http/http-server.ts';
import { Pages } from './http/pages.ts';
import type { Signs } from './http/signs.ts';
import { type Log, silence } from './log/log.ts';
import { restrained } from './log/restrained-log.ts';
import type { Metrics, Watched } from './metrics/metrics.ts';
import { Traffic } from './metrics/traffic.ts';
import { watchedJournal } from './metrics/watched-journal.ts';
import { OperatorDesk } from './operator/operator-desk.ts';
import { openOperatorSocket } from './operator/operator-socket.ts';
import { endedEarly, journalError, listenError } from './serve-error.ts';
import { Gateway } from './websocket/gateway.ts';

export type ServeOptions = GateOptions & {
  /** The data directory; made when it is missing. */
  readonly data: string;
  /** Default: 127.0.0.1, this machine only. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Clients that may checkpoint, break locks and delete groups. */
  readonly admins?: readonly ClientId[];
  readonly version?: string;
  /** The folder with the files of the web page. Default: the built console, if it is there. */
  readonly pages?: string;
  /** Where figures are answered; without it, on the main port and to this machine only. */
  readonly metrics?: { readonly host: string; readonly port: number };
  readonly settings?: Partial<HostSettings>;
  /** Where the operator reads what happens; nothing is said without one. */
  readonly log?: Log;
};

export type RunningServer = {
  readonly url: string;
  readonly port: number;
  /** Where figures are answered, if that is an address of its own. */
  readonly metricsPort: number | null;
  /** Ends in order: clients are told to come back, everything is stored, the directory let go. */
  stop(): Promise<void>;
  /** Resolves when the server has ended, by `stop` or because it could store no more. */
  readonly ended: Promise<Stopped>;
};

/** The health of a server that has its port and not yet its journal. */
const why = 'The server is starting.';
const starting = { health: { writable: false, why }, readiness: { ready: false, why } };

const builtConsole = fileURLToPath(new URL('../../console/dist', import.meta.url));

/** Resolves when the server takes messages. Rejects with a `ServeError`. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { data, host = '127.0.0.1', port, log = silence } = options;
  const began = performance.now();
  const { tokens, tls, behindProxy = false } = options;
  const exposure = { host, hasKeys: tokens !== undefined, hasTls: tls !== undefined, behindProxy };
  const problem = exposureProblem(exposure);
  if (problem !== null) throw problem;
  const notice = (text: string): void => log.warn({}, text);
  const verify = await verifierOf(tokens, notice);
  const certificate = tls === undefined ? null : readCertificate(tls);
  const door = doorOf(options, host);
  let core: Host | null = null;
  const traffic = new Traffic();
  const metrics = await metricsOf({
    figures: () => core?.figures() ?? null,
    traffic,
    turnedAway: door.turnedAway,
    version: options.version ?? '',
  });
  const signs: Signs = {
    health: () => core?.health() ?? starting.health,
    readiness: () => core?.readiness() ?? starting.readiness,
    metrics: async () => ({ contentType: metrics.contentType, text: await metrics.text() }),
  };
  const http = createHttpServer({
    pages: new Pages(options.pages ?? builtConsole),
    signs,
    // Behind a proxy on this machine, everybody seems to be here.
    metricsFor: options.metrics === undefined && !behindProxy ? 'this_machine' : 'nobody',
    access: door.access,
    certificate,
    connectionsMax: options.settings?.connectionsMax ?? defaultSettings.connectionsMax,
  });
  door.guard(http);
  // Before the journal: a server that cannot listen leaves the data directory as it was.
  await listen(http, host, port);
  const operator = await operatorServer(signs, options, http);
  const opening = await openJournal({ directory: data });
  if (!opening.ok) {
    endAll(http, operator);
    throw journalError(opening.failure);
  }
  const journal = watchedJournal(opening.journal, (entries, ms) => metrics.committed(entries, ms));
  core = hostOf(opening.opened, options);
  const driver = new HostDriver(core, journal, verify);
  const gateway = new Gateway(driver, http, door, {
    traffic,
    log: restrained(log, () => performance.now()),
  });
  const forgetCertificate =
    tls !== undefined && http instanceof TlsServer ? followCertificate(http, tls, notice) : null;
  const desk = openOperatorSocket(data, new OperatorDesk(core, journal, log).answer, log);
  const ended = driver.stopped.then(async (how) => {
    tellEnd(log, how);
    forgetCertificate?.();
    endAll(http, operator);
    desk?.close();
    await Promise.all([gateway.closed(), journal.close(closingAfter(how))]);
    return how;
  });
  const first = await Promise.race([driver.ready, ended]);
  if (first !== undefined) throw endedEarly(first);
  const { port: chosen } = http.address() as AddressInfo;
  const url = `${tls === undefined ? 'ws' : 'wss'}://${host.includes(':') ? `[${host}]` : host}:${chosen}`;
  const { head, groups } = core.figures();
  const startMs = Math.round(performance.now() - began);
  log.info({ url, data, version: options.version, head: head.seq, groups, startMs }, 'serving');
  return {
    url,
    port: chosen,
    metricsPort: operator === null ? null : (operator.address() as AddressInfo).port,
    ended,
    stop: async () => {
      log.info({}, 'stopping');
      driver.shutdown();
      await ended;
    },
  };
}

function doorOf(options: ServeOptions, host: string): Door {
  const { tls, behindProxy = false, origins = [], crowd, limitsThisMachine } = options;
  const isLocal = isLoopback(host) && !behindProxy;
  const access = { isLocal, isSecure: tls !== undefined, origins };
  return new Door({ ...access, behindProxy, crowd, limitsThisMachine });
}

function hostOf(
  opened: JournalOpened,
  { admins = [], version = '', settings, tokens }: ServeOptions,
): Host {
  const options = {
    opened,
    incarnation: randomUUID(),
    settings: {
      version,
      admins: new Set(admins),
      asksForCredentials: tokens !== undefined,
      ...settings,
    },
    randomBytes: (count: number) => new Uint8Array(randomBytes(count)),
    sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()),
  };
  return new Host(options, performance.now());
}

async function listen(http: Server, host: string, port: number): Promise<void> {
  http.listen(port, host);
  try {
    await once(http, 'listening');
  } catch (error) {
    throw listenError(error as NodeJS.ErrnoException, host, port);
  }
}

/** Only a host that ended in order is sure to have begun the epoch that was due after a crash. */
function closingAfter({ code }: Stopped): Closing {
  return code === 'SHUTDOWN' ? 'in-order' : 'unfinished';
}

function tellEnd(log: Log, { code, failure, message }: Stopped): void {
  if (code === 'SHUTDOWN') log.info({}, 'stopped');
  else log.error({ code, failure, message }, 'nothing more can be stored');
}

/** Loaded only by those who serve: it takes longer than all the rest of a command. */
async function metricsOf(watched: Watched): Promise<Metrics> {
  const { Metrics: Exposed } = await import('./metrics/metrics.ts');
  return new Exposed(watched);
}

/** The listener for figures, where they have one; if it fails, the other ends, too. */
async function operatorServer(
  signs: Signs,
  { metrics }: ServeOptions,
  http: Server,
): Promise<Server | null> {
  if (metrics === undefined) return null;
  const operator = createOperatorServer(signs, isLoopback(metrics.host));
  try {
    await listen(operator, metrics.host, metrics.port);
    return operator;
  } catch (error) {
    endAll(http);
    throw error;
  }
}

function endAll(...servers: readonly (Server | null)[]): void {
  for (const server of servers) {
    server?.close();
    server?.closeAllConnections();
  }
}
