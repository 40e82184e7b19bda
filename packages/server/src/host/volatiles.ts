/**
 * Volatile messages: cursors, typing. They take no position and are never stored; each is stamped with
 * the group's newest position when it was taken, and goes to the members who have been sent that. Who
 * has no room, or lags too far behind, does without.
 */
import { encodeMessage, type FromClient, fromServer } from '@choir/protocol';
import type { FeedContext } from './feed-context.ts';
import type { Session } from './session.ts';

export function relayVolatile(
  { service, streams, settings }: FeedContext,
  sender: Session,
  { group: name, data }: Extract<FromClient, { kind: 'volatile' }>,
): void {
  const id = service.groupNamed(name);
  const stream = id === null ? null : streams.find(id);
  if (stream === null || stream.subscriptions.size === 0) return;
  const after = stream.last;
  const { client: senderId } = sender;
  const message = { kind: 'volatile', group: name, after, senderId, data } as const;
  const bytes = encodeMessage(fromServer, message);
  for (const { session, member } of stream.subscriptions) {
    if (member === null || session === sender || session.connection.room <= 0) continue;
    if (session.volatiles.length >= settings.volatilesMax) session.volatiles.shift();
    session.volatiles.push({ after, bytes });
    session.wake();
  }
}
