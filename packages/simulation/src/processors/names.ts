/** How the trace names what FTMP names otherwise. */
import type { MessageTypeName } from '@choir/ftmp';
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
