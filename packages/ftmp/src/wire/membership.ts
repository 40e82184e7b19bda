/** The bodies of PGMP's messages (paper 7): joining, leaving, suspicion, agreement. */
import { compareViews, type ProcessorId, type ViewId } from '../ids.ts';
import {
  addressBytesMax,
  type FieldReader,
  type FieldWriter,
  type HeldMark,
  type Mark,
  membersMax,
} from './fields.ts';

/** What a configuration ends with, when it is decided: who goes on, and with which messages behind them. */
export type Successor = {
  readonly members: readonly ProcessorId[];
  /** Of each source, the last message that belongs to the configuration. */
  readonly cut: readonly Mark[];
  /** The next configuration's; above every timestamp in the cut. */
  readonly timestamp: number;
};

/** The round in which a successor was accepted, and which. */
export type Acceptance = { readonly round: number; readonly successor: Successor };

/** How the pieces of a source stand at a place of the order (E2): of `void` ones nothing counts until the source restarts. */
export const stages = ['between', 'within', 'void'] as const;
export type Stage = (typeof stages)[number];

export type Newcomer = {
  readonly id: ProcessorId;
  /** The number before its first message. */
  readonly sequence: number;
  readonly address: Uint8Array;
};

export type Member = {
  readonly id: ProcessorId;
  /** The last message of this member up to the watermark. */
  readonly sequence: number;
  /** At the watermark. */
  readonly stage: Stage;
  readonly address: Uint8Array;
};

/** B6, E10 */
export type AddProcessor = {
  /** The first view that the group ever had. */
  readonly lineage: ViewId;
  /** The view whose place in the order `members` and their numbers are taken at, and the configuration it is in. */
  readonly view: ViewId;
  readonly configuration: ViewId;
  /** Everything up to this timestamp is in the numbers of `members`. */
  readonly watermark: number;
  /** Oldest first: their rank. */
  readonly members: readonly Member[];
  readonly newMember: Newcomer;
};

/** B7 */
export type RemoveProcessor = { readonly member: ProcessorId };

/** B8 */
export type Suspect = { readonly view: ViewId; readonly suspects: readonly ProcessorId[] };

/** The largest round that is taken from anybody. */
const roundMax = 2 ** 31;

export const phases = ['propose', 'ready', 'installed'] as const;

/** B9, E4 */
export type Membership = {
  /** The sender's view (`noView` when it has none yet), and the configuration that is to end. */
  readonly view: ViewId;
  readonly configuration: ViewId;
  readonly members: readonly ProcessorId[];
  /** What it holds of each source, members or not. */
  readonly held: readonly HeldMark[];
  readonly proposed: readonly ProcessorId[];
  readonly round: number;
  /** `propose`: what was accepted before, if anything. `ready`, `installed`: what is accepted, or decided, now. */
  readonly phase: (typeof phases)[number];
  readonly accepted: Acceptance | null;
};

function readMember(fields: FieldReader): Member {
  const id = fields.processor();
  const sequence = fields.counter();
  const stage = stages[fields.u8()];
  if (stage === undefined) fields.reader.fail('VALUE', 'no such stage');
  return { id, sequence, stage: stage ?? 'void', address: fields.bytes(addressBytesMax) };
}

function writeMember(fields: FieldWriter, { id, sequence, stage, address }: Member): void {
  fields.processor(id);
  fields.u64(sequence);
  fields.u8(stages.indexOf(stage));
  fields.bytes(address);
}

function readNewcomer(fields: FieldReader): Newcomer {
  return {
    id: fields.processor(),
    sequence: fields.counter(),
    address: fields.bytes(addressBytesMax),
  };
}

function writeNewcomer(fields: FieldWriter, { id, sequence, address }: Newcomer): void {
  fields.processor(id);
  fields.u64(sequence);
  fields.bytes(address);
}

export function readAddProcessor(fields: FieldReader): AddProcessor {
  const body = {
    lineage: fields.view(),
    view: fields.view(),
    configuration: fields.view(),
    watermark: fields.counter(),
    members: fields.list(membersMax, 19, () => readMember(fields)),
    newMember: readNewcomer(fields),
  };
  const ids = new Set([...body.members, body.newMember].map(({ id }) => id));
  if (ids.size <= body.members.length) fields.reader.fail('VALUE', 'a processor is named twice');
  return body;
}

export function writeAddProcessor(fields: FieldWriter, body: AddProcessor): void {
  fields.view(body.lineage);
  fields.view(body.view);
  fields.view(body.configuration);
  fields.u64(body.watermark);
  fields.list(body.members, (member) => writeMember(fields, member));
  writeNewcomer(fields, body.newMember);
}

export function readSuspect(fields: FieldReader): Suspect {
  return { view: fields.view(), suspects: fields.processors() };
}

export function writeSuspect(fields: FieldWriter, { view, suspects }: Suspect): void {
  fields.view(view);
  fields.processors(suspects);
}

/** Whoever goes on from the largest one has as many again. */
function readRound(fields: FieldReader): number {
  const at = fields.reader.offset;
  const round = fields.u32();
  if (round > roundMax) fields.reader.fail('LIMIT', 'a round is larger than 2^31', at);
  return round;
}

function readAcceptance(fields: FieldReader): Acceptance {
  const round = readRound(fields);
  const members = fields.processors();
  const cut = fields.marks();
  return { round, successor: { members, cut, timestamp: fields.counter() } };
}

export function readMembership(fields: FieldReader): Membership {
  const view = fields.view();
  const configuration = fields.view();
  const members = fields.processors();
  const held = fields.heldMarks();
  const proposed = fields.processors();
  const round = readRound(fields);
  const phase = phases[fields.u8()];
  if (phase === undefined) fields.reader.fail('VALUE', 'no such phase');
  const accepted = fields.reader.flag() ? readAcceptance(fields) : null;
  if (accepted === null && phase !== 'propose') fields.reader.fail('VALUE', 'nothing is accepted');
  if (accepted !== null && !isBehind(accepted.successor, configuration)) {
    fields.reader.fail('VALUE', 'the successor is no later configuration');
  }
  const rest = { held, proposed, round, phase: phase ?? 'propose', accepted };
  return { view, configuration, members, ...rest };
}

/** Whether this is a configuration behind the other: who installs it is in another one, and not in that which ends for ever. */
function isBehind({ members, timestamp }: Successor, configuration: ViewId): boolean {
  const [processor] = members;
  return processor !== undefined && compareViews({ timestamp, processor }, configuration) > 0;
}

export function writeMembership(fields: FieldWriter, body: Membership): void {
  fields.view(body.view);
  fields.view(body.configuration);
  fields.processors(body.members);
  fields.heldMarks(body.held);
  fields.processors(body.proposed);
  fields.u32(body.round);
  fields.u8(phases.indexOf(body.phase));
  fields.u8(body.accepted === null ? 0 : 1);
  if (body.accepted === null) return;
  const { round, successor } = body.accepted;
  fields.u32(round);
  fields.processors(successor.members);
  fields.marks(successor.cut);
  fields.u64(successor.timestamp);
}
