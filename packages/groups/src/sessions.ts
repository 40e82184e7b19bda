/** Sessions: attach, detach, nodes that are gone, identities that are retired (DESIGN, "Sessions"). */
import type { Incarnation } from '@choir/ordering';
import { sessionId } from '@choir/protocol';
import { Client, forgetMs } from './client.ts';
import type { Command } from './command.ts';
import type { Timer } from './effect.ts';
import { disconnect, expel } from './membership.ts';
import type { State } from './state.ts';
import type { Step } from './step.ts';

/** A session begins; its id is this position. It ends the client's older session. */
export function attach(
  step: Step,
  state: State,
  { client: id, secretHash }: Extract<Command, { kind: 'attach' }>,
): void {
  if (state.retired.has(id)) {
    step.add({ kind: 'attach_refused', client: id, code: 'EXPIRED' });
    return;
  }
  const session = sessionId(step.seq);
  const attachment = { kind: 'attached', session, node: step.source } as const;
  const known = state.clients.get(id);
  if (known === undefined) {
    state.clients.set(id, new Client(id, secretHash.slice(), attachment));
    step.add({ kind: 'attached', session, client: id, superseded: null });
    return;
  }
  if (!equal(known.secretHash, secretHash)) {
    step.add({ kind: 'attach_refused', client: id, code: 'WRONG_SECRET' });
    return;
  }
  const superseded = known.session;
  if (superseded !== null) endSession(step, state, known);
  known.attachment = attachment;
  step.add({ kind: 'attached', session, client: id, superseded });
}

export function detach(
  step: Step,
  state: State,
  { client: id, session }: Extract<Command, { kind: 'detach' }>,
): void {
  const client = state.clients.get(id);
  if (client !== undefined && client.session === session) endSession(step, state, client);
}

/** The sessions of clients that were attached through these nodes end here. */
export function loseNodes(step: Step, state: State, gone: readonly Incarnation[]): void {
  for (const client of state.clients.values()) {
    const { attachment } = client;
    if (attachment.kind === 'attached' && gone.includes(attachment.node)) {
      endSession(step, state, client);
    }
  }
}

/** An identity unattached for too long is retired: its id is never attached again (G8). */
export function forget(
  step: Step,
  state: State,
  { client: id, absence }: Extract<Command, { kind: 'forget' }>,
): void {
  const client = state.clients.get(id);
  if (client?.attachment.kind !== 'absent' || client.attachment.since !== absence) return;
  for (const groupId of [...client.groups]) {
    const group = state.groups.get(groupId);
    if (group !== undefined) expel(step, state, group, client, 'forgotten');
  }
  state.clients.delete(id);
  state.retired.add(id);
}

export function forgetTimer(client: Client): readonly Timer[] {
  if (client.attachment.kind !== 'absent') return [];
  const absence = client.attachment.since;
  return [{ durationMs: forgetMs, proposal: { kind: 'forget', client: client.id, absence } }];
}

function endSession(step: Step, state: State, client: Client): void {
  const { session } = client;
  if (session === null) return;
  client.attachment = { kind: 'absent', since: step.seq };
  step.add({ kind: 'session_ended', session });
  disconnect(step, state, client);
  for (const timer of forgetTimer(client)) step.add({ kind: 'arm', timer });
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
