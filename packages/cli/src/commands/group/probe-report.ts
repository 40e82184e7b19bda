/** What a probe found, as a table or as JSON. */
import { processorText } from '@choir/ftmp';
import type { StatisticsReply } from '@choir/process-group';
import type { ExitCode } from '../../exit-code.ts';
import { type Column, columnLines } from '../../output/columns.ts';
import type { Output } from '../../output/output.ts';
import { printable } from '../../output/printable.ts';

/** What came of asking one member; `isSelf`: the one that asked. */
export type Probed = StatisticsReply & { readonly isSelf: boolean };

function isObserver(reply: Probed): boolean {
  return reply.isSelf || (reply.kind === 'answered' && reply.statistics.observer);
}

/** Observers are shown and not counted; who has not answered makes it `unwell`. */
export function printProbe(group: string, replies: readonly Probed[], output: Output): ExitCode {
  const observers = replies.filter(isObserver).length;
  const members = replies.length - observers;
  const missing = replies.filter(({ kind }) => kind !== 'answered').length;
  const [titles, ...lines] = columnLines(columnsOf(observers), replies, right);
  if (!output.json) output.line(output.paint('dim', titles));
  for (const [at, reply] of replies.entries()) {
    const line = lines[at] ?? '';
    output.result(record(reply, observers), isObserver(reply) ? output.paint('dim', line) : line);
  }
  const count = `${members} ${members === 1 ? 'member' : 'members'}, ${missing} of them missing`;
  output.result({ type: 'probe', group, members, missing }, count);
  return missing === 0 ? 'done' : 'unwell';
}

function record(reply: Probed, observers: number) {
  const { member, kind, isSelf } = reply;
  const of = {
    type: 'member_statistics',
    label: member.label,
    id: processorText(member.id),
    status: kind,
    self: isSelf,
  };
  if (kind === 'failed') return { ...of, message: reply.text };
  if (kind !== 'answered') return of;
  const { members, joinedAt, ...statistics } = reply.statistics;
  const since = new Date(joinedAt);
  return { ...of, since, sees: Math.max(0, members - observers), ...statistics };
}

const right: ReadonlySet<string> = new Set([
  'sees',
  'sent',
  'delivered',
  'bytes out',
  'bytes in',
  'again',
  'waiting',
]);

function columnsOf(observers: number): readonly Column<Probed>[] {
  const figure = (of: (statistics: Answered['statistics']) => number | string) => (reply: Probed) =>
    reply.kind === 'answered' ? String(of(reply.statistics)) : '';
  return [
    ['label', ({ member }) => printable(member.label)],
    ['id', ({ member }) => processorText(member.id)],
    ['since', figure(({ joinedAt }) => localTime(joinedAt))],
    ['sees', figure(({ members }) => Math.max(0, members - observers))],
    ['sent', figure(({ sentMessages }) => sentMessages)],
    ['delivered', figure(({ deliveredMessages }) => deliveredMessages)],
    ['bytes out', figure(({ sentBytes }) => sentBytes)],
    ['bytes in', figure(({ receivedBytes }) => receivedBytes)],
    ['again', figure(({ retransmissions }) => retransmissions)],
    ['waiting', figure(({ waitingMessages }) => waitingMessages)],
    ['process', processText],
  ];
}

type Answered = Extract<Probed, { readonly kind: 'answered' }>;

function processText(reply: Probed): string {
  if (reply.kind === 'failed') return `failed: ${printable(reply.text)}`;
  if (reply.kind !== 'answered') return reply.kind;
  const { host, pid } = reply.statistics;
  const text = `${printable(host)}/${pid}`;
  if (reply.isSelf) return `${text} (this probe, not counted)`;
  return isObserver(reply) ? `${text} (observer, not counted)` : text;
}

/** Of this machine's time zone, as `2026-11-22 14:01:27`. */
function localTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.valueOf()) ? '' : date.toLocaleString('sv-SE');
}
