/**
 * What a load client speaks: the cheapest client of each peer's protocol that still takes every message
 * apart far enough to count it and to see that none is missing. A full client library would measure
 * itself.
 */

/** What a connection tells the load that drives it. */
export interface Listener {
  /** A message of the room came; its payload begins at `at`. */
  message(client: WireClient, bytes: Buffer, at: number): void;
  /** The oldest publish of this client that asked for it was acknowledged. */
  acknowledged(client: WireClient): void;
  /** What came breaks the order or the form: the figures would be worth nothing. */
  broken(problem: string): void;
}

export type WireOptions = {
  readonly port: number;
  /** Counted from 0, over all clients of the load. */
  readonly index: number;
  /** Null: it publishes only. */
  readonly room: string | null;
  readonly listener: Listener;
};

export interface WireClient {
  readonly index: number;
  /** For the load's own use: messages received. */
  received: number;
  /** Resolves when it is connected and in its room. */
  open(): Promise<void>;
  publish(room: string, payload: Buffer): void;
  /** The connection is cut, without a word. */
  drop(): void;
  /**
   * Comes back after a drop, asking for what it missed. Resolves when it is connected; what was missed
   * comes as messages.
   */
  resume(): Promise<void>;
  pause(): void;
}
