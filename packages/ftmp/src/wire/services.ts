/**
 * The types of messages, and the service that each gets: Fig. 3 of the paper as a table, and the types that this
 * implementation adds (K1, K2, E6 to E8 and E15 of `docs/protocol/ftmp.md`).
 */

export const messageTypes = {
  regular: 0,
  retransmitRequest: 1,
  heartbeat: 2,
  connectRequest: 3,
  connect: 4,
  addProcessor: 5,
  removeProcessor: 6,
  suspect: 7,
  membership: 8,
  join: 16,
  refuse: 17,
  announce: 18,
  slice: 19,
} as const;

export type MessageTypeName = keyof typeof messageTypes;

export type Service = {
  /** Numbered by its source, held for retransmission, delivered in the order of its source. */
  readonly reliable: boolean;
  /** Has a place in the total order. */
  readonly ordered: boolean;
  /** Who cannot be promised reliability, since it cannot ask for a retransmission yet. */
  readonly except?: string;
};

/** K2; Fig. 3: "Message types and the delivery service provided by FTMP". */
export const services: Readonly<Record<MessageTypeName, Service>> = {
  regular: { reliable: true, ordered: true },
  retransmitRequest: { reliable: false, ordered: false },
  heartbeat: { reliable: false, ordered: false },
  connectRequest: { reliable: false, ordered: false },
  connect: { reliable: true, ordered: true, except: 'the client group' },
  addProcessor: { reliable: true, ordered: true, except: 'the new member' },
  removeProcessor: { reliable: true, ordered: true },
  suspect: { reliable: true, ordered: false },
  membership: { reliable: true, ordered: false },
  join: { reliable: false, ordered: false },
  refuse: { reliable: false, ordered: false },
  announce: { reliable: false, ordered: false },
  slice: { reliable: false, ordered: false },
};

const names = new Map<number, MessageTypeName>(
  Object.entries(messageTypes).map(([name, type]) => [type, name as MessageTypeName]),
);

/** Undefined for a number that no type has. */
export function messageTypeName(type: number): MessageTypeName | undefined {
  return names.get(type);
}
