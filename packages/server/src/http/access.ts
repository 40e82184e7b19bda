/**
 * Who may come in over HTTP, before there are credentials.
 *
 * A page of another site must not reach a server through its visitor's browser: browsers name the page
 * in `Origin`, which has to be the host that they connected to. And a server that listens on this
 * machine only is not to be reached under another name (DNS rebinding).
 */
import type { IncomingHttpHeaders } from 'node:http';

/** Why these headers are turned away; null when they may come in. */
export function accessProblem(
  headers: Pick<IncomingHttpHeaders, 'host' | 'origin'>,
  isLocal: boolean,
): string | null {
  const own = urlOf(`http://${headers.host ?? ''}`);
  if (own === null) return 'The Host header is missing or malformed.';
  if (isLocal && !isLoopback(own.hostname)) {
    return `This server answers on this machine only, not as ${own.hostname}.`;
  }
  const { origin } = headers;
  if (origin !== undefined && urlOf(origin)?.host !== own.host) {
    return `Pages of ${origin} may not connect to ${own.host}.`;
  }
  return null;
}

/** Addresses and names that mean this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/.test(hostname);
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
