/** The bodies of the other messages: RMP's (paper 5), connections (paper 7), and those before membership (E6 to E8). */
import {
  compareViews,
  type GroupId,
  groupId,
  noView,
  type ProcessorId,
  type ViewId,
} from '../ids.ts';
import { type ConnectionId, readConnectionId, writeConnectionId } from './connection-id.ts';
import { addressBytesMax, type FieldReader, type FieldWriter, membersMax } from './fields.ts';

/** B2 */
export type RetransmitRequest = {
  readonly processor: ProcessorId;
  /** Whole numbers, both included. */
  readonly start: number;
  readonly stop: number;
};

/** E5: the last probe of a processor that has come, named by the timestamp in its header. */
export type Confirmation = {
  readonly processor: ProcessorId;
  /** 32 bits, as in the header. */
  readonly timestamp: number;
};

export const confirmationBytes = 12;

/** B3, E5: the paper's heartbeat has no body; it says the same as one of zeros, and stands for it. */
export type Heartbeat = {
  /** How far the application's thread has come: rises as long as it runs. */
  readonly progress: number;
  /** The sender wants to hear from everyone at once. */
  readonly asks: boolean;
  /** The sender's application does not progress. */
  readonly stalled: boolean;
  /** No reliable message that the sender has yet to send is within so much above this timestamp: at most `aheadMax`. */
  readonly ahead: number;
  /** The probes that have come to the sender since its last heartbeat, the last of each processor. */
  readonly confirms: readonly Confirmation[];
  /** The sender's configuration, and the view that it has installed. */
  readonly configuration: ViewId;
  readonly view: ViewId;
  /** Makes the heartbeat a probe: whether a datagram of this size comes. Its content means nothing. */
  readonly padding: Uint8Array;
};

/** The bytes of a heartbeat's body without what it confirms and its padding. */
export const heartbeatBytes = 44;

/** A lookahead makes the clock jump when its sender speaks at last: this bounds by how much. */
export const aheadMax = 2 ** 20;

const paperHeartbeat: Heartbeat = {
  progress: 0,
  asks: false,
  stalled: false,
  ahead: 0,
  confirms: [],
  configuration: noView,
  view: noView,
  padding: new Uint8Array(0),
};

/** B4 */
export type ConnectRequest = {
  readonly connection: ConnectionId;
  readonly processors: readonly ProcessorId[];
};

/** B5 */
export type Connect = {
  readonly connection: ConnectionId;
  readonly group: GroupId;
  /** Where the group is reached: opaque to the protocol. */
  readonly address: Uint8Array;
  readonly view: ViewId;
  readonly members: readonly ProcessorId[];
};

/** E6: add me. */
export type Join = {
  readonly minorMin: number;
  readonly minorMax: number;
  /** The number before its first message. */
  readonly sequence: number;
  readonly address: Uint8Array;
  /** The lineage of the group that it asks, and the newest view of that which it has heard of, by Announce; `noView` twice before. */
  readonly lineage: ViewId;
  readonly view: ViewId;
};

export const refuseReasons = ['excluded', 'version', 'full', 'rival'] as const;

/** E7: you are not, or cannot be, a member. */
export type Refuse = {
  readonly processor: ProcessorId;
  readonly reason: (typeof refuseReasons)[number];
  /** The view that the sender is in. */
  readonly view: ViewId;
};

/** E8: this group exists. */
export type Announce = {
  /** The first view that the group ever had: groups of one number that were made apart differ in it. */
  readonly lineage: ViewId;
  readonly configuration: ViewId;
  readonly view: ViewId;
  readonly primary: boolean;
  readonly members: number;
  readonly address: Uint8Array;
};

export function readRetransmitRequest(fields: FieldReader): RetransmitRequest {
  const request = {
    processor: fields.processor(),
    start: fields.counter(),
    stop: fields.counter(),
  };
  if (request.stop < request.start) fields.reader.fail('VALUE', 'the range ends before it begins');
  return request;
}

export function writeRetransmitRequest(fields: FieldWriter, body: RetransmitRequest): void {
  fields.processor(body.processor);
  fields.u64(body.start);
  fields.u64(body.stop);
}

export function readHeartbeat(fields: FieldReader): Heartbeat {
  const { reader } = fields;
  if (reader.remaining === 0) return paperHeartbeat;
  const start = reader.offset;
  const flags = { progress: fields.u32(), asks: reader.flag(), stalled: reader.flag() };
  const ahead = fields.u32();
  if (ahead > aheadMax) reader.fail('LIMIT', `more than ${aheadMax} ahead`);
  const confirms = readConfirmations(fields);
  const place = { configuration: fields.view(), view: fields.view() };
  const body = {
    ...flags,
    ahead,
    confirms,
    ...place,
    padding: reader.raw(reader.failed ? 0 : reader.remaining),
  };
  if (isPaper(body)) reader.fail('FORM', 'a heartbeat that says nothing has no body', start);
  return body;
}

function readConfirmations(fields: FieldReader): readonly Confirmation[] {
  const confirms = fields.list(membersMax, confirmationBytes, () => ({
    processor: fields.processor(),
    timestamp: fields.u32(),
  }));
  const processors = new Set(confirms.map(({ processor }) => processor));
  if (processors.size !== confirms.length)
    fields.reader.fail('VALUE', 'a processor is named twice');
  return confirms;
}

function isPaper(body: Heartbeat): boolean {
  const { progress, asks, stalled, ahead, confirms, configuration, view, padding } = body;
  if (progress % 2 ** 32 !== 0 || asks || stalled || ahead > 0) return false;
  if (confirms.length > 0 || padding.length > 0) return false;
  return compareViews(configuration, noView) === 0 && compareViews(view, noView) === 0;
}

export function writeHeartbeat(fields: FieldWriter, body: Heartbeat): void {
  if (isPaper(body)) return;
  fields.u32(body.progress % 2 ** 32);
  fields.u8(body.asks ? 1 : 0);
  fields.u8(body.stalled ? 1 : 0);
  fields.u32(body.ahead);
  fields.list(body.confirms, ({ processor, timestamp }) => {
    fields.processor(processor);
    fields.u32(timestamp);
  });
  fields.view(body.configuration);
  fields.view(body.view);
  fields.raw(body.padding);
}

export function readConnectRequest(fields: FieldReader): ConnectRequest {
  return { connection: readConnectionId(fields), processors: fields.processors() };
}

export function writeConnectRequest(fields: FieldWriter, body: ConnectRequest): void {
  writeConnectionId(fields, body.connection);
  fields.processors(body.processors);
}

export function readConnect(fields: FieldReader): Connect {
  return {
    connection: readConnectionId(fields),
    group: groupId(fields.u32()),
    address: fields.bytes(addressBytesMax),
    view: fields.view(),
    members: fields.processors(),
  };
}

export function writeConnect(fields: FieldWriter, body: Connect): void {
  writeConnectionId(fields, body.connection);
  fields.u32(body.group);
  fields.bytes(body.address);
  fields.view(body.view);
  fields.processors(body.members);
}

export function readJoin(fields: FieldReader): Join {
  const [minorMin, minorMax] = [fields.u8(), fields.u8()];
  const place = { sequence: fields.counter(), address: fields.bytes(addressBytesMax) };
  return { minorMin, minorMax, ...place, lineage: fields.view(), view: fields.view() };
}

export function writeJoin(fields: FieldWriter, body: Join): void {
  fields.u8(body.minorMin);
  fields.u8(body.minorMax);
  fields.u64(body.sequence);
  fields.bytes(body.address);
  fields.view(body.lineage);
  fields.view(body.view);
}

export function readRefuse(fields: FieldReader): Refuse {
  const processor = fields.processor();
  const reason = refuseReasons[fields.u8()];
  if (reason === undefined) fields.reader.fail('VALUE', 'no such reason');
  return { processor, reason: reason ?? 'excluded', view: fields.view() };
}

export function writeRefuse(fields: FieldWriter, body: Refuse): void {
  fields.processor(body.processor);
  fields.u8(refuseReasons.indexOf(body.reason));
  fields.view(body.view);
}

export function readAnnounce(fields: FieldReader): Announce {
  const [lineage, configuration, view] = [fields.view(), fields.view(), fields.view()];
  const primary = fields.reader.flag();
  const place = { lineage, configuration, view };
  return { ...place, primary, members: fields.u16(), address: fields.bytes(addressBytesMax) };
}

export function writeAnnounce(fields: FieldWriter, body: Announce): void {
  fields.view(body.lineage);
  fields.view(body.configuration);
  fields.view(body.view);
  fields.u8(body.primary ? 1 : 0);
  fields.u16(body.members);
  fields.bytes(body.address);
}
