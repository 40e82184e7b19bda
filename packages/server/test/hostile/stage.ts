/**
 * What hostile clients are let loose on: a server with a group that has a member, a locked object and a
 * history, and two clients of another group that talk all the while.
 */
import { type FromServer, localId, type Part, type SubmissionBody } from '@choir/protocol';
import { nameOf, objectOf } from '../names.ts';
import { RawClient } from '../websocket/raw-client.ts';
import { running } from '../websocket/running.ts';
import { Witnesses } from './witnesses.ts';

export const target = nameOf('target');
export const plan = objectOf('plan');

export type Stage = {
  readonly url: string;
  readonly port: number;
  readonly witnesses: Witnesses;
  /** Member of the group, holder of a lock on `plan`. */
  readonly owner: RawClient;
  /** Everything that a hostile client must leave as it is. */
  readonly state: () => Promise<unknown>;
};

export async function stage(): Promise<Stage> {
  const { url, port } = await running();
  const owner = await RawClient.attach(url, 'owner');
  owner.join(target);
  await owner.until('transfer_end');
  submit(owner, 1, { kind: 'lock_request', objects: [plan], wait: false, graceMs: 60_000 });
  const { at } = await owner.until('delivery');
  const written = { ...write('the plan'), base: at.seq };
  submit(owner, 2, { kind: 'message', parts: [written] });
  await owner.until('delivery', 2);
  const reader = await RawClient.attach(url, 'reader');
  const witnesses = await Witnesses.meet(url);
  return { url, port, owner, witnesses, state: () => stateOf(reader) };
}

/** Submits to the group; local ids are those of a chain of its own from 1 on. */
export function submit(client: RawClient, id: number, body: SubmissionBody, group = target): void {
  client.send({ kind: 'submit', group, localId: localId(id), previous: id - 1, body });
}

export function bcast(text: string, group = target): Extract<Part, { kind: 'bcast' }> {
  return { kind: 'bcast', group, exclusive: false, data: new TextEncoder().encode(text) };
}

export function write(text: string): Extract<Part, { kind: 'obj_state' }> {
  const data = new TextEncoder().encode(text);
  return { kind: 'obj_state', group: target, object: plan, update: 'NEW', base: 0, fence: 0, data };
}

/** The log of the group from its beginning, and how many groups there are. */
async function stateOf(reader: RawClient): Promise<unknown> {
  const from = reader.received.length;
  const news = (): readonly FromServer[] => reader.received.slice(from);
  const watch = { kind: 'watch', requestId: from, group: target, scope: 'everything' } as const;
  reader.send(
    { ...watch, created: 0, after: { epoch: 0, seq: 0 } },
    { kind: 'unwatch', group: target },
  );
  await reader.untilTrue(() => news().some(({ kind }) => kind === 'resume_end'), 'the log');
  reader.send({ kind: 'status', requestId: from });
  await reader.untilTrue(() => news().some(({ kind }) => kind === 'status'), 'the status');
  const log = news().filter((message) => message.kind === 'delivery');
  const groups = news().flatMap((message) => (message.kind === 'status' ? [message.groups] : []));
  return { log, groups };
}
