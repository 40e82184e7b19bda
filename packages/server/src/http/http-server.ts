/** The HTTP side: the web page, and whether the server is well. WebSockets come in beside it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Certificate } from '../gate/certificate.ts';
import { type Access, accessProblem } from './access.ts';
import type { Pages } from './pages.ts';
import { answerSign, type MetricsFor, type Signs } from './signs.ts';

export type HttpParts = {
  readonly pages: Pages;
  readonly signs: Signs;
  readonly metricsFor: MetricsFor;
  readonly access: Access;
  /** For TLS; null without. */
  readonly certificate: Certificate | null;
  /** Connections that are taken; a few more may be on their way in or out. */
  readonly connectionsMax: number;
};

/** What is asked of us is small; a request that takes longer is none. */
const requestTimeoutMs = 10_000;
const headerBytesMax = 16 * 1024;
/** How often it is looked for requests that take too long. */
const checkMs = 2_000;
/** Connections beyond those of clients: pages, signs of life, handshakes. */
const spareConnections = 1_024;

const options = {
  requestTimeout: requestTimeoutMs,
  headersTimeout: requestTimeoutMs,
  maxHeaderSize: headerBytesMax,
  connectionsCheckingInterval: checkMs,
};

const welcomeText =
  'This is a Choir server. Clients connect to this address by WebSocket.\n' +
  'The web page is not built: `npm start` builds it.\n';

export function createHttpServer(parts: HttpParts): Server {
  const { certificate, connectionsMax } = parts;
  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    answer(parts, request, response);
  const tls = { ...options, handshakeTimeout: requestTimeoutMs };
  const server =
    certificate === null
      ? createServer(options, listener)
      : createTlsServer({ ...tls, ...certificate }, listener);
  server.maxConnections = connectionsMax + spareConnections;
  return server;
}

/** For the operator alone: signs of life and figures, nothing else. */
export function createOperatorServer(signs: Signs, isLocal: boolean): Server {
  const access: Access = { isLocal, isSecure: false, origins: [] };
  return createServer(options, (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    if (!letIn(request, response, access)) return;
    if (answerSign(path, signs, 'all', request, response)) return;
    sendText(response, 404, 'Here are /health, /ready and /metrics.\n');
  });
}

function answer(
  { pages, signs, metricsFor, access }: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (!letIn(request, response, access)) return;
  // As soon as there is a gateway, it gets these.
  if (request.headers.upgrade !== undefined) {
    sendText(response, 503, 'The server is starting. Try again.\n');
    return;
  }
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  if (answerSign(path, signs, metricsFor, request, response)) return;
  if (!pages.answer(path, response, request.method === 'GET')) {
    if (path === '/') sendText(response, 200, welcomeText);
    else sendText(response, 404, 'There is nothing here.\n');
  }
}

/** False when the request was turned away. */
function letIn(request: IncomingMessage, response: ServerResponse, access: Access): boolean {
  const problem = accessProblem(request.headers, access);
  if (problem !== null) {
    sendText(response, 403, `${problem}\n`);
    return false;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendText(response, 405, 'GET and HEAD are all that is answered here.\n');
    return false;
  }
  return true;
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
