/**
 * The signs of life of a server (docs/design/operations.md): whether messages are taken, whether new
 * clients are welcome, and the figures, which are for the operator (O5).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLoopback } from './access.ts';

export type Signs = {
  readonly health: () => { readonly writable: boolean; readonly why: string };
  readonly readiness: () => { readonly ready: boolean; readonly why: string };
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
};

/** To whom figures are shown: to nobody, to peers on this machine, to whoever may ask at all. */
export type MetricsFor = 'nobody' | 'this_machine' | 'all';

/** Answers, if the path is one of these. */
export function answerSign(
  path: string,
  signs: Signs,
  metricsFor: MetricsFor,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  switch (path) {
    case '/health': {
      const state = signs.health();
      sendState(response, state.writable, state);
      return true;
    }
    case '/ready': {
      const state = signs.readiness();
      sendState(response, state.ready, state);
      return true;
    }
    case '/metrics':
      answerMetrics(signs, metricsFor, request, response);
      return true;
    default:
      return false;
  }
}

function sendState(response: ServerResponse, isWell: boolean, state: object): void {
  response.writeHead(isWell ? 200 : 503, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
  });
  response.end(`${JSON.stringify(state)}\n`);
}

function answerMetrics(
  signs: Signs,
  metricsFor: MetricsFor,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const isShown = metricsFor === 'all' || (metricsFor === 'this_machine' && isFromHere(request));
  if (!isShown) {
    response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('Figures are for this machine only, unless --metrics says otherwise.\n');
    return;
  }
  signs.metrics().then(
    ({ contentType, text }) => {
      response.writeHead(200, { 'content-type': contentType });
      response.end(text);
    },
    () => response.destroy(),
  );
}

/** What a proxy adds to what it passes on. */
const proxyHeaders = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/** The peer is a program on this machine, asks for this machine, and for itself. */
function isFromHere({ socket, headers }: IncomingMessage): boolean {
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  if (!isLoopback(peer) || proxyHeaders.some((name) => headers[name] !== undefined)) return false;
  const own = `http://${headers.host ?? ''}`;
  return URL.canParse(own) && isLoopback(new URL(own).hostname);
}
