/** Counters from where they are kept. */
import type { GroupId, Processor } from '@choir/ftmp';
import type { Gate } from '../envelope/gate.ts';
import type { Network } from '../udp/network.ts';
import type { Statistics } from './statistics.ts';
import type { Submissions } from './submissions.ts';

export function statisticsOf(from: {
  readonly network: Network;
  readonly gate: Gate;
  readonly processor: Processor;
  readonly groups: readonly GroupId[];
  readonly submissions: Submissions;
  readonly turns: number;
  readonly delivered: number;
  readonly exclusions: number;
}): Statistics {
  const { network, gate, processor, groups, submissions } = from;
  const { sockets } = network;
  type Count = 'receivedDatagrams' | 'receivedBytes' | 'sentDatagrams' | 'sentBytes' | 'waiting';
  const sum = (count: Count) => sockets.reduce((total, socket) => total + socket[count], 0);
  const sendErrors = new Map<string, number>();
  for (const socket of sockets) {
    for (const [code, n] of socket.sendErrors)
      sendErrors.set(code, (sendErrors.get(code) ?? 0) + n);
  }
  return {
    receivedDatagrams: sum('receivedDatagrams'),
    receivedBytes: sum('receivedBytes'),
    sentDatagrams: sum('sentDatagrams'),
    sentBytes: sum('sentBytes'),
    waitingDatagrams: sum('waiting'),
    sendErrors,
    taken: processor.taken,
    refused: new Map<string, number>([...gate.refused, ...processor.refused]),
    refusedAddresses: network.book.refused,
    turns: from.turns,
    deliveredMessages: from.delivered,
    droppedMessages: submissions.dropped,
    exclusions: from.exclusions,
    groups: groups.map((group) => {
      const { messages, bytes } = processor.buffered(group);
      const pendingMessages = submissions.pending(group);
      return { group, bufferedMessages: messages, bufferedBytes: bytes, pendingMessages };
    }),
  };
}
