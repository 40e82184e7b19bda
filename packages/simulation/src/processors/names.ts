/** How the trace names what FTMP names otherwise. */
import { type MessageTypeName, messageTypes } from '@choir/ftmp';
import type { DatagramType } from '@choir/testkit/views';

const types: Readonly<Record<MessageTypeName, DatagramType>> = {
  regular: 'Regular',
  retransmitRequest: 'RetransmitRequest',
  heartbeat: 'Heartbeat',
  connectRequest: 'ConnectRequest',
  connect: 'Connect',
  addProcessor: 'AddProcessor',
  removeProcessor: 'RemoveProcessor',
  suspect: 'Suspect',
  membership: 'Membership',
  join: 'Join',
  refuse: 'Refuse',
  announce: 'Announce',
};

export function datagramTypeOf(name: MessageTypeName): DatagramType {
  return types[name];
}

const byNumber = new Map<number, DatagramType>(
  Object.entries(messageTypes).map(([name, number]) => [number, types[name as MessageTypeName]]),
);

/** Null for a number that no type has, as damage may make it. */
export function datagramTypeOfNumber(number: number | undefined): DatagramType | null {
  return byNumber.get(number ?? -1) ?? null;
}
