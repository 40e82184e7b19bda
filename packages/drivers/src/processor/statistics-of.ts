/** Counters from where they are kept. */
import type { GroupId, Processor } from '@choir/ftmp';
import { type Gate, Tally } from '../envelope/gate.ts';
import type { Network } from '../udp/network.ts';
import type { Statistics } from './statistics.ts';
import type { Submissions } from './submissions.ts';

export function statisticsOf(from: {
  readonly network: Network;
  readonly gate: Gate;
  readonly processor: Processor;
  readonly earlier: { readonly taken: number; readonly refused: Tally };
  readonly groups: readonly GroupId[];
  readonly submissions: Submissions;
  readonly turns: number;
  readonly delivered: number;
  readonly exclusions: number;
}): Statistics {
  const { network, gate, processor, earlier, groups, submissions } = from;
  const { sockets } = network;
  type Count = 'receivedDatagrams' | 'receivedBytes' | 'sentDatagrams' | 'sentBytes' | 'waiting';
  const sum = (count: Count) => sockets.reduce((total, socket) => total + socket[count], 0);
  const sendErrors = summed(...sockets.map((socket) => socket.sendErrors));
  return {
    receivedDatagrams: sum('receivedDatagrams'),
    receivedBytes: sum('receivedBytes'),
    sentDatagrams: sum('sentDatagrams'),
    sentBytes: sum('sentBytes'),
    waitingDatagrams: sum('waiting'),
    sendErrors,
    taken: earlier.taken + processor.taken,
    refused: summed(gate.refused, earlier.refused.counts, processor.refused),
    refusedAddresses: network.book.refused,
    turns: from.turns,
    deliveredMessages: from.delivered,
    droppedMessages: submissions.dropped,
    exclusions: from.exclusions,
    groups: groups.flatMap((group) => {
      const counters = processor.counters(group);
      const pendingMessages = submissions.pending(group);
      return counters === null ? [] : [{ group, ...counters, pendingMessages }];
    }),
  };
}

function summed(...all: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sum = new Tally();
  for (const counts of all) for (const [name, count] of counts) sum.count(name, count);
  return sum.counts;
}
