/** A whole server: journal, host, HTTP and WebSockets put together. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Journal, type JournalOpened, openJournal } from '@choir/journal';
import type { ClientId } from '@choir/protocol';
import { Host, type HostSettings, type Stopped, type Verdict } from './host/index.ts';
import { HostDriver } from './host-driver.ts';
import { isLoopback } from './http/access.ts';
import { createHttpServer } from './http/http-server.ts';
import { Pages } from './http/pages.ts';
import { endedEarly, journalError, listenError } from './serve-error.ts';
import { Gateway } from './websocket/gateway.ts';

export type ServeOptions = {
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
  readonly settings?: Partial<HostSettings>;
};

export type RunningServer = {
  readonly url: string;
  readonly port: number;
  /** Ends in order: clients are told to come back, everything is stored, the directory let go. */
  stop(): Promise<void>;
  /** Resolves when the server has ended, by `stop` or because it could store no more. */
  readonly ended: Promise<Stopped>;
};

/** The health of a server that has its port and not yet its journal. */
const starting = { writable: false, why: 'The server is starting.' };

const takesNoTokens = async (): Promise<Verdict> => {
  return { ok: false, message: 'This server takes no tokens.' };
};

const builtConsole = fileURLToPath(new URL('../../console/dist', import.meta.url));

/** Resolves when the server takes messages. Rejects with a `ServeError`. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { data, host = '127.0.0.1', port } = options;
  const isLocal = isLoopback(host);
  let core: Host | null = null;
  const http = createHttpServer({
    pages: new Pages(options.pages ?? builtConsole),
    health: () => core?.health() ?? starting,
    isLocal,
  });
  // Before the journal: a server that cannot listen leaves the data directory as it was.
  await listen(http, host, port);
  const opening = await openJournal({ directory: data });
  if (!opening.ok) {
    end(http);
    throw journalError(opening.failure);
  }
  const { journal } = opening;
  core = hostOf(opening.opened, options);
  const driver = new HostDriver(core, journal, takesNoTokens);
  const gateway = new Gateway(driver, http, isLocal);
  const ended = driver.stopped.then(async (how) => {
    await closeAll(http, gateway, journal);
    return how;
  });
  const first = await Promise.race([driver.ready, ended]);
  if (first !== undefined) throw endedEarly(first);
  const { port: chosen } = http.address() as AddressInfo;
  return {
    url: `ws://${host.includes(':') ? `[${host}]` : host}:${chosen}`,
    port: chosen,
    ended,
    stop: async () => {
      driver.shutdown();
      await ended;
    },
  };
}

function hostOf(
  opened: JournalOpened,
  { admins = [], version = '', settings }: ServeOptions,
): Host {
  const options = {
    opened,
    incarnation: randomUUID(),
    settings: { version, admins: new Set(admins), ...settings },
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

async function closeAll(http: Server, gateway: Gateway, journal: Journal): Promise<void> {
  end(http);
  await Promise.all([gateway.closed(), journal.close()]);
}

function end(http: Server): void {
  http.close();
  http.closeAllConnections();
}
