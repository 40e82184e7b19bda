/**
 * A block: what answers a join, a watch or a read, in one piece. While it is under way the rest of the
 * session's stream waits (C8: nothing is both in it and behind it, nothing in neither).
 */
export interface Block {
  /** Sends as much as there is room and rows for; true when the block has ended. */
  advance(): boolean;
  /** The session ended before the block did. */
  abandon(): void;
}
