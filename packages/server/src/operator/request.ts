/** What the operator may ask a running server through its socket, and what is answered: JSON, a line each. */

import type { GroupSummary } from '@choir/groups';

export type OperatorRequest =
  | { readonly kind: 'groups' }
  /** A consistent copy of the data into this directory. */
  | { readonly kind: 'backup'; readonly to: string };

/** Also how many deliveries the group had, and their bytes; without them only while the server ends. */
export type GroupFigures = GroupSummary & { readonly entries?: number; readonly bytes?: number };

export type OperatorReply =
  | { readonly kind: 'groups'; readonly groups: readonly GroupFigures[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** A request is a path and a few words. */
export const requestBytesMax = 64 * 1024;

export function socketIn(data: string): string {
  return `${data}/admin.sock`;
}

export function parseRequest(line: string): OperatorRequest | null {
  try {
    const { kind, to } = Object(JSON.parse(line)) as { kind?: unknown; to?: unknown };
    if (kind === 'groups') return { kind };
    if (kind === 'backup' && typeof to === 'string' && to.startsWith('/')) return { kind, to };
    return null;
  } catch {
    return null;
  }
}
