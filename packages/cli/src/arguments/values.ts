/** Values on the command line: each is read here once, or refused with what is expected. */
import { isIP } from 'node:net';
import {
  clientIdProblem,
  displayNameProblem,
  type GroupName,
  nameProblem,
  type ObjectId,
  parseGroupName,
  parseObjectId,
} from '@choir/protocol';
import { Failure } from '../failure.ts';

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** `500ms`, `10s`, `2m`, `1h`; a bare number is seconds. */
export function durationMs(what: string, text: string): number {
  const found = /^(?<amount>\d+(?:\.\d+)?)(?<unit>ms|s|m|h)?$/.exec(text)?.groups;
  const unit = (found?.['unit'] ?? 's') as keyof typeof units;
  const value = Math.round(Number(found?.['amount']) * units[unit]);
  if (!Number.isSafeInteger(value)) {
    throw usage(`${what}: "${text}" is no duration. Examples: 500ms, 10s, 2m, 1h.`);
  }
  return value;
}

export function natural(what: string, text: string, max: number = Number.MAX_SAFE_INTEGER): number {
  return wholeNumber(what, text, { min: 0, max });
}

type Range = { readonly min: number; readonly max: number };

export function wholeNumber(what: string, text: string, { min, max }: Range): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw usage(`${what}: "${text}" is not a whole number from ${min} to ${max}.`);
}

export function groupName(text: string): GroupName {
  const name = parseGroupName(text);
  if (name !== null) return name;
  throw usage(
    `The group name ${quoted(text)} ${nameProblem(text)}.`,
    'Example: lobby, team/design',
  );
}

export function objectId(text: string): ObjectId {
  const id = parseObjectId(text);
  if (id !== null) return id;
  throw usage(`The object id ${quoted(text)} ${nameProblem(text)}.`, 'Example: doc/intro');
}

export function clientId(what: string, text: string): string {
  const problem = clientIdProblem(text);
  if (problem === null) return text;
  throw usage(`${what}: the client id ${quoted(text)} ${problem}.`, 'Example: alice');
}

export function displayName(what: string, text: string): string {
  const problem = displayNameProblem(text);
  if (problem === null) return text;
  throw usage(`${what}: the name ${quoted(text)} ${problem}.`);
}

/** `ws://HOST:PORT`; the scheme may be left out, and so may the port (7400). */
export function serverUrl(what: string, text: string): string {
  const given = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `ws://${text}`;
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !/^wss?:$/.test(url.protocol) || url.hostname === '') {
    throw usage(`${what}: "${text}" is no server address. Example: ws://127.0.0.1:7400`);
  }
  if (url.port === '' && url.protocol === 'ws:' && !/:80$/.test(given)) url.port = '7400';
  return url.pathname === '/' ? `${url.protocol}//${url.host}` : url.href;
}

/** `HOST:PORT`, with an IPv6 address in brackets. */
export function listenAddress(what: string, text: string): { host: string; port: number } {
  const found = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^:[\]/\s]+)):(?<port>\d+)$/.exec(
    text,
  )?.groups;
  const host = found?.['v6'] ?? found?.['host'];
  if (host === undefined) throw usage(`${what}: "${text}" is no address. Example: 127.0.0.1:9400`);
  return { host, port: natural(`${what}: the port`, found?.['port'] ?? '', 65_535) };
}

/** `ADDRESS` or `ADDRESS:PORT` of this machine, with an IPv6 address in brackets where a port follows; without one the port is 0, which is any. */
export function ownAddress(what: string, text: string): { host: string; port: number } {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) !== 0) return { host: bare, port: 0 };
  const { host, port } = listenAddress(what, text);
  if (isIP(host) !== 0) return { host, port };
  throw usage(`${what}: "${host}" is no IP address. Example: 192.0.2.7:7500`);
}

export function usage(...lines: readonly string[]): Failure {
  return new Failure('usage', ...lines);
}

/** As JSON, so that what is wrong with it can be seen. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
