/** The shortest way of feeding: one buffer that everybody shares who is sent the same. */
import type { FeedContext } from './feed-context.ts';
import type { GroupStream } from './group-stream.ts';
import type { Session } from './session.ts';

export type Sent =
  /** Everything up to here was sent. */
  | number
  /** There is no room now. */
  | 'no-room'
  /** The session is sent something else in a place of it, or not all is in memory. */
  | 'apart';

export function sendStretch(
  { streams, tally }: FeedContext,
  session: Session,
  range: { readonly stream: GroupStream; readonly after: number; readonly upTo: number },
): Sent {
  const { stream, after, upTo } = range;
  if (stream.tail.start > after) return 'apart';
  const stretch = streams.stretch(stream, after, upTo);
  if (stretch === null) return upTo;
  if (stretch.exclusive?.has(session.client) === true) return 'apart';
  const { connection } = session;
  if (stretch.bytes.length > connection.room && !connection.empty) return 'no-room';
  connection.push(stretch.bytes);
  tally.deliveries += stretch.count;
  return stretch.upTo;
}
