/**
 * Submissions: settled once, in the order of their chain (G2; DESIGN, "Marks"). The four steps are
 * those of docs/design/groups.md, "Submissions".
 */
import { crc32, Writer } from '@choir/bytes';
import { type Submission, type SubmissionBody, submissionBody } from '@choir/protocol';
import type { Client } from './client.ts';
import type { Command } from './command.ts';
import { decideGroupChange } from './group-changes.ts';
import {
  decideLockBreak,
  decideLockCancel,
  decideLockRelease,
  decideLockRequest,
} from './lock-requests.ts';
import { releaseSets } from './locking.ts';
import { leave } from './membership.ts';
import { decideMessage, type Sender } from './message.ts';
import type { State } from './state.ts';
import type { Step } from './step.ts';
import { ok, refuse, type Verdict } from './verdict.ts';

/** Where bodies are put to be summed; nothing of it is kept. */
const scratch = new Writer();

export function applySubmission(
  step: Step,
  state: State,
  command: Extract<Command, { kind: 'submit' }>,
): void {
  const client = state.clients.get(command.client);
  // A copy that was under way when its session ended: the client sends it again in its new one.
  if (client === undefined || client.session !== command.session) return;
  const { submission } = command;
  const chain = client.chain(submission.group);
  switch (chain.standing(submission.localId, submission.previous)) {
    case 'duplicate':
      repeatOutcome(step, client, submission);
      return;
    case 'out_of_order': {
      const {
        session,
        submission: { group },
      } = command;
      step.add({ kind: 'resend', session, group, mark: chain.mark });
      return;
    }
    case 'next': {
      const { localId } = submission;
      const sender = { client, localId, privileged: command.privileged };
      const result = decide(step, state, sender, submission);
      chain.settle({ localId, at: step.at, checksum: checksumOf(submission.body), result });
      client.chains.set(submission.group, chain);
      settle(step, client, submission, result);
    }
  }
}

function decide(step: Step, state: State, sender: Sender, submission: Submission): Verdict {
  const { body } = submission;
  const group = state.group(submission.group);
  switch (body.kind) {
    case 'message':
      return decideMessage(step, state, sender, { group: submission.group, parts: body.parts });
    case 'lock_request':
      if (!group?.members.has(sender.client.id)) return notAMember(submission);
      return decideLockRequest(step, group, sender, body);
    case 'lock_release':
      return decideLockRelease(step, state, group, sender, body);
    case 'lock_cancel':
      return decideLockCancel(step, state, group, sender, body);
    case 'lock_break':
      return decideLockBreak(step, state, group, sender, body);
    case 'leave':
      return decideLeave(step, state, sender, submission);
    default:
      return decideGroupChange(step, state, sender, submission.group, body);
  }
}

/** Who was away for too long to be a member can still hold locks; leaving gives these up too. */
function decideLeave(step: Step, state: State, sender: Sender, submission: Submission): Verdict {
  const { client, localId } = sender;
  const group = state.group(submission.group);
  if (group?.members.has(client.id)) {
    leave(step, state, group, client, localId);
    return ok;
  }
  const held = group?.locks.heldBy(client.id) ?? [];
  if (group === null || held.length === 0) return notAMember(submission);
  releaseSets(step, state, group, held, { cause: 'left', by: client.id });
  return ok;
}

/** The stored outcome again. Its position is that of the decision, not of the repetition. */
function repeatOutcome(step: Step, client: Client, submission: Submission): void {
  const outcome = client.chain(submission.group).outcomeOf(submission.localId);
  if (outcome === null) {
    const message = 'This local id was passed too long ago for its outcome to be known.';
    settle(step, client, submission, refuse('FORGOTTEN', message));
  } else if (outcome.checksum !== checksumOf(submission.body)) {
    const message = `Local id ${submission.localId} was used before with other content.`;
    settle(step, client, submission, refuse('ID_REUSED', message));
  } else {
    const { at, result } = outcome;
    addSettle(step, client, submission, { at, result, delivered: false });
  }
}

function settle(step: Step, client: Client, submission: Submission, result: Verdict): void {
  const delivered = result.kind === 'ok' && step.reaches(client.id, submission.localId);
  addSettle(step, client, submission, { at: step.at, result, delivered });
}

function addSettle(
  step: Step,
  client: Client,
  submission: Submission,
  settled: { at: Step['at']; result: Verdict; delivered: boolean },
): void {
  if (client.session === null) return;
  const { group, localId } = submission;
  const { session, id } = client;
  step.add({ kind: 'settle', session, client: id, group, localId, ...settled });
}

function notAMember({ group }: Submission): Verdict {
  return refuse('NOT_A_MEMBER', `Only members of "${group}" can do this; join first.`);
}

function checksumOf(body: SubmissionBody): number {
  scratch.clear();
  submissionBody.write(scratch, body);
  return crc32(scratch.written());
}
