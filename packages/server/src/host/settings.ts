/**
 * What can be set about a host, and the bound of every buffer in it. The defaults are documented in
 * docs/design/server.md. Bytes and milliseconds, as the names say.
 */
import { type ClientId, limits } from '@choir/protocol';
import type { RetentionRule } from './retention.ts';

export type HostSettings = {
  /** Shown in `status`. */
  readonly version: string;
  /** Clients that may checkpoint, break locks and delete groups where nobody asks for credentials. */
  readonly admins: ReadonlySet<ClientId>;
  /** Nobody is welcomed without credentials, which alone say what a client may do. */
  readonly asksForCredentials: boolean;
  /** Largest payload taken; at most what the protocol allows. */
  readonly messageBytes: number;
  /**
   * One submission with all its parts. Its delivery has to fit a frame: it is a little longer, and as
   * JSON up to twice as long.
   */
  readonly submissionBytes: number;

  /** A connection that has not said hello for this long is closed: NO_HELLO. */
  readonly helloMs: number;
  /** A connection silent for this long is probed. */
  readonly heartbeatMs: number;
  /** A connection silent for this long, in spite of probes, is closed: IDLE. */
  readonly idleMs: number;
  /** A session whose client took nothing for this long while something waited for it is ended: TOO_SLOW. */
  readonly tooSlowMs: number;

  readonly connectionsMax: number;
  /**
   * Sessions that are fed in one turn, those first who waited longest. What comes meanwhile goes out
   * with what the others wait for: under load fewer and larger writes, and sooner read again.
   */
  readonly fedPerTurn: number;
  /** News of members alone waits this long where more sessions than this follow a group. */
  readonly membershipNewsMs: number;
  readonly membershipNewsAbove: number;
  /** Bytes handed to the driver for one connection and not yet taken by the network. */
  readonly sendBufferBytes: number;
  /** Submissions and requests of one connection that are under way or whose answers wait. */
  readonly owedMax: number;
  /** Decoded messages held for one connection whose reading is paused. */
  readonly heldMessagesMax: number;
  /** Messages of one connection in a second, and how many may come at once; then it is read more slowly. */
  readonly messageRate: number;
  readonly messageBurst: number;
  /** Connections with credentials of one subject. */
  readonly subjectConnectionsMax: number;
  /** Group names in which one client has submitted something; nothing of it goes before the client. */
  readonly chainsMax: number;
  /** Clients that are known, connected or not. */
  readonly clientsMax: number;
  /** Groups that exist. All three are judged before ordering: what is under way may exceed them a little. */
  readonly groupsMax: number;
  /** Groups that one session watches. */
  readonly watchesMax: number;
  /** Volatile messages that wait for one session to reach their position; the oldest is dropped. */
  readonly volatilesMax: number;

  /** Recent deliveries of all groups, encoded. */
  readonly tailBytes: number;
  /** Live content of all groups, and of one (paper §3.3, "threshold"). */
  readonly contentBytes: number;
  readonly groupContentBytes: number;
  /** Rows read from the journal at once for one reader. */
  readonly pageBytes: number;
  /** Reads of rows under way in the journal. */
  readonly readsMax: number;
  /** Object data in one `transfer_objects`. */
  readonly chunkBytes: number;

  /** Rows that wait for a commit to ride with: after so many bytes, or so long, they get their own. */
  readonly rowsBytes: number;
  readonly rowsDelayMs: number;
  /** A snapshot is taken after so many entries, or so many bytes of entries. */
  readonly snapshotEntries: number;
  readonly snapshotEntryBytes: number;

  /** How much of the logs of groups is kept; of those that no rule names, everything. */
  readonly retention: readonly RetentionRule[];
  /** From the end of one look at all groups to the next. */
  readonly retentionMs: number;
};

const kib = 1024;
const mib = 1024 * kib;

export const defaultSettings: HostSettings = {
  version: '',
  admins: new Set(),
  asksForCredentials: false,
  messageBytes: limits.messageBytes,
  submissionBytes: limits.submissionBytes,
  helloMs: 10_000,
  heartbeatMs: 10_000,
  idleMs: 30_000,
  tooSlowMs: 120_000,
  connectionsMax: 10_000,
  fedPerTurn: 128,
  membershipNewsMs: 100,
  membershipNewsAbove: 64,
  sendBufferBytes: 256 * kib,
  owedMax: 1_024,
  heldMessagesMax: 2 * limits.frameMessages,
  messageRate: 10_000,
  messageBurst: 20_000,
  subjectConnectionsMax: 256,
  chainsMax: 10_000,
  clientsMax: 1_000_000,
  groupsMax: 100_000,
  watchesMax: 1_024,
  volatilesMax: 64,
  tailBytes: 64 * mib,
  contentBytes: 64 * mib,
  groupContentBytes: 8 * mib,
  pageBytes: 128 * kib,
  readsMax: 8,
  chunkBytes: 256 * kib,
  rowsBytes: mib,
  rowsDelayMs: 1_000,
  snapshotEntries: 20_000,
  snapshotEntryBytes: 16 * mib,
  retention: [],
  retentionMs: 60_000,
};
