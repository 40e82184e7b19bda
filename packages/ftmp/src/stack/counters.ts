/** What a processor counts of a group, since it asked to join. */
export type GroupCounters = {
  /** Held for retransmission. */
  readonly bufferedMessages: number;
  readonly bufferedBytes: number;
  /** Submitted, and not sent. */
  readonly queuedMessages: number;
  readonly queuedBytes: number;
  /** How large datagrams are at present, in bytes. */
  readonly datagramBytes: number;
  /** Ranges of messages that this processor asked for. */
  readonly requests: number;
  /** Messages that it sent again, its own and those of others. */
  readonly retransmissions: number;
  /** Requests, or parts of them, that it did not answer: too many at one time, or too far (R4). */
  readonly cappedRequests: number;
  /** Messages of others that were given up, since they were longer than any may be. */
  readonly oversizeMessages: number;
};
