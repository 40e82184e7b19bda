/** A datagram that a processor of the group's network did not send, in its name. */
import { type Body, checked, encode, type ProcessorId } from '../../src/index.ts';
import { group } from './cluster.ts';

export function forged(source: ProcessorId, body: Body, timestamp = 0): Uint8Array {
  const counters = { sequence: 0, timestamp, ack: 0 };
  return checked.seal(encode({ order: 'big', source, group, ...counters }, body));
}
