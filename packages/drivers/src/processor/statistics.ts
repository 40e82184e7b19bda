/** Counters of a processor and its network, since it was opened. */
import type { GroupCounters, GroupId } from '@choir/ftmp';

/** The counters of the present incarnation, and what waits for it. */
export type GroupStatistics = GroupCounters & {
  readonly group: GroupId;
  /** Handed over, and not taken by the processor yet. */
  readonly pendingMessages: number;
};

export type Statistics = {
  readonly receivedDatagrams: number;
  readonly receivedBytes: number;
  readonly sentDatagrams: number;
  readonly sentBytes: number;
  /** Datagrams that wait in Node.js, since the system took no more. */
  readonly waitingDatagrams: number;
  /** Sends that failed, by the code of the system. */
  readonly sendErrors: ReadonlyMap<string, number>;
  /** Datagrams that the gate let pass and the processor took. */
  readonly taken: number;
  /** Datagrams that were not taken, by the reason: of the gate in lower case or of the protocol. */
  readonly refused: ReadonlyMap<string, number>;
  /** Addresses that were none. */
  readonly refusedAddresses: number;
  readonly turns: number;
  readonly deliveredMessages: number;
  /** Messages that were handed over to a group that is over. */
  readonly droppedMessages: number;
  readonly exclusions: number;
  readonly groups: readonly GroupStatistics[];
};
