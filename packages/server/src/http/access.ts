/**
 * Who may come in over HTTP, before there are credentials.
 *
 * A page of another site must not reach a server through its visitor's browser: browsers name the page
 * in `Origin`, which has to be the host that they connected to, or one that the operator named. And a
 * server for this machine only is not to be reached under another name (DNS rebinding).
 */
import type { IncomingHttpHeaders } from 'node:http';

export type Access = {
  /** The server is for this machine only. */
  readonly isLocal: boolean;
  /** The connections themselves are TLS, so that a page that came without is not ours. */
  readonly isSecure: boolean;
  /** Origins, beside the server's own, whose pages may connect. */
  readonly origins: readonly string[];
};

/** Why these headers are turned away; null when they may come in. */
export function accessProblem(
  headers: Pick<IncomingHttpHeaders, 'host' | 'origin'>,
  { isLocal, isSecure, origins }: Access,
): string | null {
  const own = urlOf(`http://${headers.host ?? ''}`);
  if (own === null) return 'The Host header is missing or malformed.';
  if (isLocal && !isLoopback(own.hostname)) {
    return `This server answers on this machine only, not as ${own.hostname}.`;
  }
  const { origin } = headers;
  if (origin === undefined || origins.includes(origin)) return null;
  const isOwn = isOriginOf(headers.host ?? '', origin, isSecure);
  return isOwn ? null : `Pages of ${origin} may not connect to ${own.host}.`;
}

/** Addresses and names that mean this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/.test(hostname);
}

/** As a browser writes it in `Origin`; null when it is none. */
export function originOf(text: string): string | null {
  const url = urlOf(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text ? url.origin : null;
}

/** Whether the page came from the very host: both with the port that its scheme implies. */
function isOriginOf(host: string, origin: string, isSecure: boolean): boolean {
  if (originOf(origin) === null || (isSecure && !origin.startsWith('https:'))) return false;
  const [scheme = ''] = origin.split(':', 1);
  return urlOf(`${scheme}://${host}`)?.origin === origin;
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
