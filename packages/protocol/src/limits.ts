/** The limits of the protocol: every list, text and payload has one. Bytes unless the name says otherwise. */
export const limits = {
  /** One frame of the transport: a batch of messages. */
  frameBytes: 16 * 1024 * 1024,
  /** Messages in one frame: a small message takes far more memory decoded than on the wire. */
  frameMessages: 65_536,
  /** Items of all lists in one frame: small items, too, take far more memory decoded. */
  frameItems: 262_144,
  /** One payload: the data of a message or of one object's update. */
  messageBytes: 1024 * 1024,
  /** All payloads of one submission, each with `payloadOverheadBytes`. */
  submissionBytes: 8 * 1024 * 1024 - 64 * 1024,
  /** The ids and lengths around a payload, at most. */
  payloadOverheadBytes: 300,
  /** Objects in one checkpoint (`group_state_bcast`). */
  checkpointObjects: 10_000,
  /** Objects in one lock set. */
  lockSetObjects: 256,
  /** Parts of one atomic message. */
  parts: 64,
  /** Groups of one atomic join. */
  joinGroups: 64,
  eventsPerDelivery: 20_000,
  properties: 64,
  propertyNameBytes: 100,
  propertyValueBytes: 4_096,
  reasonBytes: 500,
  agentBytes: 100,
  codeBytes: 40,
  explanationBytes: 1_000,
  secretBytes: 64,
  secretBytesMin: 16,
  tokenBytes: 8_192,
  subjectBytes: 200,
  members: 100_000,
  locks: 100_000,
  /** Unsettled submissions of one client in one group, and remembered outcomes (DESIGN "Marks"). */
  sendWindow: 256,
  /** Longest grace period and absence timeout that a client may ask for: one hour, milliseconds. */
  graceMsMax: 3_600_000,
  /** Objects read in one `read_state`. */
  readObjects: 1_024,
} as const;
