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
  /** Views that it was given. */
  readonly views: number;
  /** How often a member was not heard for so long that it was suspected. */
  readonly suspicions: number;
  /** Those that it sent, probes among them. */
  readonly heartbeats: number;
  /** Heartbeats that it sent to see whether datagrams of a size come. */
  readonly probes: number;
  /** Reliable messages that came though they had come before. */
  readonly duplicates: number;
  /** How often a message was not taken for want of room. */
  readonly fullAnswers: number;
  /** Messages about the end of a later configuration that there was no room for. */
  readonly droppedMemberships: number;
};

/** Those that the parts of a group count as it happens. */
export class Counts implements Partial<GroupCounters> {
  views = 0;
  suspicions = 0;
  heartbeats = 0;
  probes = 0;
  duplicates = 0;
  fullAnswers = 0;
  droppedMemberships = 0;
}
