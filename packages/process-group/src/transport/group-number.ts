/** The number under which FTMP knows a group: the first 32 bits of the SHA-256 of its name. Hello carries the name itself. */
import { createHash } from 'node:crypto';
import { type GroupId, groupId } from '@choir/ftmp';

export function groupNumber(name: string): GroupId {
  return groupId(createHash('sha256').update(name, 'utf8').digest().readUInt32BE(0));
}
