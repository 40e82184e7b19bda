/** How much the state of logical connections holds, so that it can be transferred. Bytes count what keeps an entry, too (`entryBytes`). */

export type ConnectionLimits = {
  /** Connections that a group has at once. */
  readonly connections: number;
  /** Requests of one connection that were taken and have no reply yet, at most as many as `replies`; and their bytes. */
  readonly waiting: number;
  readonly waitingBytes: number;
  /** Of all connections. */
  readonly allWaitingBytes: number;
  /** Requests of one connection, the last ones, whose replies are remembered. */
  readonly replies: number;
  /** Of all connections; the oldest replies are forgotten first. */
  readonly allReplyBytes: number;
  /** Of the replies, of all connections, that the service of one member made and that have not come; beyond that calls fail. */
  readonly madeBytes: number;
};

export const connectionLimits: ConnectionLimits = {
  connections: 4_096,
  waiting: 256,
  // One request has room, however long it is.
  waitingBytes: 16 * 1024 ** 2,
  allWaitingBytes: 128 * 1024 ** 2,
  replies: 256,
  allReplyBytes: 256 * 1024 ** 2,
  madeBytes: 128 * 1024 ** 2,
};

/** What an entry counts beside its own bytes. */
export const entryBytes = 128;

/** What a request, or a reply, counts. */
export function bytesOf({ bytes }: { readonly bytes: Uint8Array }): number {
  return bytes.length + entryBytes;
}
