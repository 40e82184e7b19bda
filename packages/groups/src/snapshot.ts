/**
 * The snapshot: the whole state of the service in bytes. Maps are written in their order of insertion,
 * because that order decides in which order effects are returned (G1).
 */
import { Reader, Writer } from '@choir/bytes';
import {
  blob,
  choice,
  clientId,
  flag,
  groupId,
  groupName,
  type Infer,
  limits,
  list,
  localIdCodec,
  lockSetIdCodec,
  natural,
  objectId,
  optional,
  property,
  record,
  sessionId,
  sessionIdCodec,
  text,
  union,
} from '@choir/protocol';
import { Chain } from './chain.ts';
import { type Attachment, Client } from './client.ts';
import { Group, type Member } from './group.ts';
import { History } from './history.ts';
import { historyCodec, readHistory, writeHistory } from './history-codec.ts';
import type { Change, LatestChange } from './latest-change.ts';
import { outcomesCodec } from './outcomes-codec.ts';
import { State } from './state.ts';

/** No list of a snapshot is limited by itself: all of it was accepted under the limits of messages. */
const many = 2 ** 32;
const nameBytes = 200;

const objectIds = list(objectId, limits.lockSetObjects);

const attachment = union({
  attached: [1, record({ session: sessionIdCodec, node: text(nameBytes) })],
  absent: [2, record({ since: natural })],
});

const client = record({
  id: clientId,
  secretHash: blob(64),
  attachment,
  groups: list(natural, many),
  chains: list(record({ group: groupName, mark: natural, outcomes: outcomesCodec }), many),
});

/** `by` absent: the server did it. */
const change = record({ seq: natural, by: optional(clientId) });

const latestChange = record({ newest: change, before: optional(change) });

const lockSet = record({
  id: lockSetIdCodec,
  holder: clientId,
  localId: localIdCodec,
  graceMs: natural,
  objects: objectIds,
  absence: optional(natural),
});

const lockRequest = record({
  client: clientId,
  localId: localIdCodec,
  graceMs: natural,
  objects: objectIds,
});

const member = record({
  client: clientId,
  name: text(nameBytes),
  status: choice(['member', 'disconnected_member']),
  /** The session of a member, the absence of a disconnected one. */
  since: natural,
});

/** The first format knew no history: it begins when such a snapshot is read. */
const groupFields = {
  id: natural,
  name: groupName,
  createdAt: natural,
  stateful: flag,
  absenceMs: natural,
  properties: list(property, limits.properties),
  members: list(member, many),
  objects: list(record({ object: objectId, positions: list(natural, many) }), many),
  lockSets: list(lockSet, many),
  lockRequests: list(lockRequest, many),
  lockChangesFloor: natural,
  lockChanges: list(record({ object: objectId, latest: latestChange }), many),
  checkpoint: optional(latestChange),
};

const group = record({ ...groupFields, history: historyCodec });

const snapshotFields = {
  /** Format of this encoding; a change of the records above needs a new number. */
  format: natural,
  clients: list(client, many),
  retired: list(clientId, many),
  groupsCreated: natural,
};

const snapshot = record({ ...snapshotFields, groups: list(group, many) });
const firstSnapshot = record({ ...snapshotFields, groups: list(record(groupFields), many) });

const firstFormat = 1;
const format = 2;

export function encodeState(state: State): Uint8Array {
  const writer = new Writer();
  snapshot.write(writer, {
    format,
    clients: [...state.clients.values()].map(writeClient),
    retired: [...state.retired],
    groupsCreated: state.groupsCreated,
    groups: [...state.groups.values()].map(writeGroup),
  });
  return writer.take();
}

/** Null when the bytes are not a snapshot of a format that is known. */
export function decodeState(bytes: Uint8Array): State | null {
  const reader = new Reader(bytes);
  const isFirst = new Reader(bytes).natural() === firstFormat;
  const read = isFirst ? upgraded(firstSnapshot.read(reader)) : snapshot.read(reader);
  if (reader.failed || reader.remaining > 0 || read.format !== format) return null;
  const state = new State();
  for (const one of read.clients) state.clients.set(one.id, readClient(one));
  for (const id of read.retired) state.retired.add(id);
  state.groupsCreated = read.groupsCreated;
  for (const one of read.groups) state.add(readGroup(one));
  return state;
}

function upgraded(first: Infer<typeof firstSnapshot>): Infer<typeof snapshot> {
  const history = writeHistory(new History());
  return { ...first, format, groups: first.groups.map((one) => ({ ...one, history })) };
}

function writeClient(one: Client): Infer<typeof client> {
  return {
    id: one.id,
    secretHash: one.secretHash,
    attachment: one.attachment,
    groups: [...one.groups],
    chains: [...one.chains].map(([name, { mark, outcomes }]) => ({ group: name, mark, outcomes })),
  };
}

function readClient(read: Infer<typeof client>): Client {
  const one = new Client(read.id, read.secretHash.slice(), read.attachment as Attachment);
  for (const id of read.groups) one.groups.add(groupId(id));
  for (const { group: name, mark, outcomes } of read.chains) {
    one.chains.set(name, new Chain(mark, outcomes));
  }
  return one;
}

function writeGroup(one: Group): Infer<typeof group> {
  return {
    id: one.id,
    name: one.name,
    createdAt: one.createdAt,
    ...one.attributes,
    properties: [...one.properties].map(([name, value]) => ({ name, value })),
    members: [...one.members].map(([id, { name, ...rest }]) => ({
      client: id,
      name,
      status: rest.status,
      since: rest.status === 'member' ? rest.session : rest.absence,
    })),
    objects: [...one.objects.entries()].map(([object, positions]) => ({ object, positions })),
    lockSets: one.locks.sets.map(({ absence, ...set }) =>
      absence === null ? set : { ...set, absence },
    ),
    lockRequests: [...one.locks.queue],
    lockChangesFloor: one.lockChanges.floor,
    lockChanges: [...one.lockChanges.entries()].map(([object, latest]) => ({
      object,
      latest: writeLatest(latest),
    })),
    ...(one.checkpoint === undefined ? {} : { checkpoint: writeLatest(one.checkpoint) }),
    history: writeHistory(one.history),
  };
}

function readGroup(read: Infer<typeof group>): Group {
  const { createdAt, stateful, absenceMs } = read;
  const identity = { id: groupId(read.id), name: read.name, createdAt };
  const one = new Group(identity, { stateful, absenceMs }, readHistory(read.history));
  for (const { name, value } of read.properties) one.properties.set(name, value);
  for (const entry of read.members) one.members.set(entry.client, readMember(entry));
  for (const { object, positions } of read.objects) one.objects.restore(object, positions);
  for (const set of read.lockSets) one.locks.restore({ ...set, absence: set.absence ?? null });
  for (const request of read.lockRequests) one.locks.enqueue(request);
  one.lockChanges.restore(
    read.lockChangesFloor,
    read.lockChanges.map(({ object, latest }) => [object, readLatest(latest)] as const),
  );
  if (read.checkpoint !== undefined) one.checkpoint = readLatest(read.checkpoint);
  return one;
}

function readMember({ name, status, since }: Infer<typeof member>): Member {
  return status === 'member'
    ? { status, name, session: sessionId(since) }
    : { status, name, absence: since };
}

function writeLatest({ newest, before }: LatestChange): Infer<typeof latestChange> {
  return {
    newest: writeChange(newest),
    ...(before === null ? {} : { before: writeChange(before) }),
  };
}

function writeChange({ seq, by }: Change): Infer<typeof change> {
  return by === null ? { seq } : { seq, by };
}

function readLatest({ newest, before }: Infer<typeof latestChange>): LatestChange {
  return { newest: readChange(newest), before: before === undefined ? null : readChange(before) };
}

function readChange({ seq, by }: Infer<typeof change>): Change {
  return { seq, by: by ?? null };
}
