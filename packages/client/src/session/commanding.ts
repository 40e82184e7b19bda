/** What the commands of the application lead to, at once. */
import { type FromClient, limits } from '@choir/protocol';
import type { Command, CommandResult, SubmissionCommand } from './commands.ts';
import type { Connection } from './connection.ts';
import type { Effects } from './effects.ts';
import type { Followed } from './followed.ts';
import type { Following } from './following.ts';
import type { Membership } from './membership.ts';
import type { Outbox } from './outbox.ts';
import type { Reads } from './reads.ts';
import type { Request, Requests } from './requests.ts';
import type { SizeLimits } from './size-limits.ts';
import { draftOf } from './submitting.ts';

export type CommandingParts = {
  readonly connection: Connection;
  readonly effects: Effects;
  readonly following: Following;
  readonly membership: Membership;
  readonly outbox: Outbox;
  readonly reads: Reads;
  readonly requests: Requests;
  readonly sizeLimits: SizeLimits;
};

/** Reads and questions that may wait for an answer. */
const requestsMax = 1_000;
const accepted: CommandResult = { kind: 'accepted', id: 0 };

export class Commanding {
  readonly #parts: CommandingParts;

  constructor(parts: CommandingParts) {
    this.#parts = parts;
  }

  perform(command: Exclude<Command, { kind: 'close' }>): CommandResult {
    const { membership, sizeLimits } = this.#parts;
    switch (command.kind) {
      case 'join':
        return membership.join(command.groups);
      case 'watch':
        return membership.watch(command);
      case 'unwatch':
        return membership.unwatch(command.group);
      case 'volatile':
        if (!sizeLimits.allowPayload(command.data)) return refused('TOO_LARGE');
        if (this.#isOnline) this.#say(command);
        return accepted;
      case 'read':
        if (command.objects.length > limits.readObjects) return refused('MALFORMED');
        return this.#request(command);
      case 'status':
        return this.#request(command);
      default:
        return this.#submit(command);
    }
  }

  /** Gives back the lock sets that were granted to requests which had been cancelled. */
  readonly releaseUnwanted = ({ name: group, locks }: Followed): void => {
    const { following, outbox, effects } = this.#parts;
    for (const lockSet of locks.takeUnwanted()) {
      const draft = draftOf({ kind: 'release', group, lockSet, objects: [] }, following);
      // About to leave, it gives up its locks by that.
      if (typeof draft === 'string') continue;
      // Beyond the limit of the outbox if need be: there are no more of these than lock requests.
      const { localId } = outbox.add(draft);
      locks.releasing(lockSet, []);
      effects.emit({ kind: 'given_back', group, lockSet, localId });
    }
  };

  get #isOnline(): boolean {
    return this.#parts.connection.state === 'online';
  }

  #submit(command: SubmissionCommand): CommandResult {
    const { following, membership, outbox } = this.#parts;
    const leave = command.kind === 'leave' ? membership.leavingAlready(command.group) : null;
    if (leave !== null) return { kind: 'accepted', id: leave };
    const draft = draftOf(command, following);
    if (typeof draft === 'string') return refused(draft);
    const locks = following.get(draft.group)?.locks;
    // Also where there is no room to say so: should it be granted, it is given back.
    if (command.kind === 'cancel') locks?.cancelled(command.request);
    const objection = outbox.objection(draft.body);
    if (objection !== null) return refused(objection);
    const { localId, group: name, body } = outbox.add(draft);
    if (body.kind === 'leave') membership.leaving(name, localId);
    if (body.kind === 'lock_request') locks?.requested(localId, body);
    if (body.kind === 'lock_release') locks?.releasing(body.lockSet, body.objects);
    return { kind: 'accepted', id: localId };
  }

  #request(request: Request): CommandResult {
    const { requests, reads } = this.#parts;
    if (requests.reads >= requestsMax) return refused('TOO_MANY_REQUESTS');
    const id = requests.add(request);
    if (this.#isOnline) reads.ask(id, request, this.#say);
    return { kind: 'accepted', id };
  }

  readonly #say = (message: FromClient): void => this.#parts.connection.send(message);
}

function refused(code: Extract<CommandResult, { kind: 'refused' }>['code']): CommandResult {
  return { kind: 'refused', code };
}
