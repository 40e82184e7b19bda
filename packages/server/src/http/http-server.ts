/** The HTTP side: the web page, and whether the server is well. WebSockets come in beside it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { accessProblem } from './access.ts';
import type { Pages } from './pages.ts';

export type Health = { readonly writable: boolean; readonly why: string };

export type HttpParts = {
  readonly pages: Pages;
  readonly health: () => Health;
  /** The server listens on this machine only. */
  readonly isLocal: boolean;
};

/** What is asked of us is small; a request that takes longer is none. */
const requestTimeoutMs = 10_000;
const headerBytesMax = 16 * 1024;

const welcomeText =
  'This is a Choir server. Clients connect to this address by WebSocket.\n' +
  'The web page is not built: `npm start` builds it.\n';

export function createHttpServer(parts: HttpParts): Server {
  const options = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    maxHeaderSize: headerBytesMax,
  };
  return createServer(options, (request, response) => answer(parts, request, response));
}

function answer(
  { pages, health, isLocal }: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const problem = accessProblem(request.headers, isLocal);
  if (problem !== null) {
    sendText(response, 403, `${problem}\n`);
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendText(response, 405, 'GET and HEAD are all that is answered here.\n');
    return;
  }
  // As soon as there is a gateway, it gets these.
  if (request.headers.upgrade !== undefined) {
    sendText(response, 503, 'The server is starting. Try again.\n');
    return;
  }
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  if (path === '/health') {
    const state = health();
    response.writeHead(state.writable ? 200 : 503, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify(state)}\n`);
  } else if (!pages.answer(path, response, request.method === 'GET')) {
    if (path === '/') sendText(response, 200, welcomeText);
    else sendText(response, 404, 'There is nothing here.\n');
  }
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
