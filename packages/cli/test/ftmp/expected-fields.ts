/** What `choir ftmp decode --json` prints, and what tshark has to show for it. */
import { checked, headerBytes, messageTypes } from '@choir/ftmp';
import { run } from '../running/choir.ts';
import { flattened } from './tshark.ts';

const phases = ['propose', 'ready', 'installed'];
const stages = ['between', 'within', 'void'];
const reasons = ['excluded', 'version', 'full', 'rival'];

const pieceBits = ['first', 'last', 'restart'];

export type Shown = Readonly<Record<string, unknown>>;

/** The objects of all datagrams of a capture. */
export async function decoded(
  file: string,
  ...options: readonly string[]
): Promise<readonly Shown[]> {
  const { stdout } = await run(['ftmp', 'decode', file, '--all', '--json', ...options]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** What tshark has to show of an object of `choir ftmp decode --json`. */
export function expected(record: Shown): Map<string, string[]> {
  const { message, version, order, again, packed, safe, code, envelope, body } = record;
  const fields = new Map<string, string[]>([['frame.number', [String(record['frame'])]]]);
  if (code !== undefined) fields.set('ftmp.refused', [String(code)]);
  if (message !== undefined) {
    const [major, minor] = String(version).split('.');
    const { source, group, sequence, timestamp, ack } = record;
    const type = messageTypes[message as keyof typeof messageTypes];
    const little = order === 'little';
    const header = { major, minor, type, little, again, packed, safe };
    flattened({ ...header, source, group, sequence, timestamp, ack }, 'ftmp', fields);
  }
  if (typeof envelope === 'object' && envelope !== null) {
    const { keyId, transmitter, counter } = envelope as Shown;
    flattened({ keyId, transmitter, counter }, 'ftmp.envelope', fields);
  }
  if (code === undefined && !isPaperHeartbeat(record)) {
    flattened(bodyForTshark(String(message), body as Shown), 'ftmp', fields);
  }
  // The paper's form has no bits for what is always so.
  if (packed === false) for (const bit of pieceBits) fields.delete(`ftmp.parts.${bit}`);
  return fields;
}

/** It has no body on the wire. */
function isPaperHeartbeat({ message, bytes }: Shown): boolean {
  return message === 'heartbeat' && bytes === headerBytes + checked.overheadBytes;
}

/** Fields of bodies that would have the name of one of the header, and words as their numbers. */
function bodyForTshark(type: string, body: Shown = {}): Shown {
  const { group, sequence, members, phase, reason, accepted, parts, ...rest } = body;
  return {
    ...rest,
    ...(group === undefined ? {} : { body: { group } }),
    ...(sequence === undefined ? {} : { body: { sequence } }),
    ...(type === 'announce' ? { memberCount: members } : { members: membersForTshark(members) }),
    ...(phase === undefined ? {} : { phase: phases.indexOf(String(phase)) }),
    ...(reason === undefined ? {} : { reason: reasons.indexOf(String(reason)) }),
    accepted,
    parts,
  };
}

/** Those of an AddProcessor are more than their ids. */
function membersForTshark(members: unknown): unknown {
  if (!Array.isArray(members)) return members;
  return members.map((member) =>
    typeof member === 'object' ? { ...member, stage: stages.indexOf(member.stage) } : member,
  );
}

/** All fields of messages that some of these records have. */
export function namesIn(records: readonly Map<string, string[]>[]): string[] {
  return [...new Set(['ftmp.refused', ...records.flatMap((fields) => [...fields.keys()])])];
}
