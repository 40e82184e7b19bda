/**
 * Whose connection it is, as far as limits are concerned: the address, or behind a proxy the one that the
 * proxy saw. Nobody else's word is taken for it: what a client writes into the header itself stands
 * before what the proxy appends.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** An address that holds for many in a row counts as one: a /64 of IPv6 is one customer. */
export function addressKey(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address;
  return `${expanded(address).slice(0, 4).join(':')}::/64`;
}

/** The address that the nearest proxy saw; null when it did not say. */
export function forwardedAddress(headers: IncomingHttpHeaders): string | null {
  const header = headers['x-forwarded-for'];
  const last = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').at(-1);
  const address = last?.trim().replace(/^\[(.*)\]$/, '$1') ?? '';
  return isIP(address) === 0 ? null : address;
}

/** Only of addresses of sockets: one that was forwarded is never this machine's. */
export function isThisMachine(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/i.test(address);
}

/** The eight groups of an IPv6 address, without leading zeros. */
function expanded(address: string): readonly string[] {
  const [plain = ''] = address.split('%', 1);
  const [head = '', tail] = plain.split('::', 2);
  const before = groupsOf(head);
  if (tail === undefined) return before;
  const after = groupsOf(tail);
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...zeros, ...after];
}

function groupsOf(text: string): readonly string[] {
  if (text === '') return [];
  return text.split(':').map((group) => group.replace(/^0+(?=.)/, '').toLowerCase());
}
