/** What came of asking a member for its statistics. */
import type { Reply } from '../core/index.ts';
import { decodeStatistics, type MemberStatistics } from './member-statistics.ts';

/** What came of asking a member for its statistics. */
export type StatisticsReply =
  | Exclude<Reply, { readonly kind: 'answered' }>
  | (Pick<Reply, 'member'> & {
      readonly kind: 'answered';
      readonly statistics: MemberStatistics;
    });

export function statisticsReply(reply: Reply): StatisticsReply {
  if (reply.kind !== 'answered') return reply;
  const { kind, member } = reply;
  const statistics = decodeStatistics(reply.bytes);
  return statistics === null
    ? { kind: 'failed', member, text: 'Its answer is none that this process reads.' }
    : { kind, member, statistics };
}
