/**
 * Takes what clients send: refuses what needs no position to be refused, hands the rest to the ordering,
 * answers what concerns only the connection. The identity of a client comes from its session, never
 * from its messages.
 */
import type { Command } from '@choir/groups';
import type { FromClient, FromServer, Position, Refusal, Submission } from '@choir/protocol';
import {
  judgeClient,
  judgeGroups,
  judgeGrowth,
  judgeJoin,
  judgeSize,
  judgeTargets,
  refusal,
} from './admission.ts';
import { type Lack, lackOf } from './capabilities.ts';
import type { Connection } from './connection.ts';
import { capabilitiesOf, notGranted } from './credentials.ts';
import type { Epochs } from './epochs.ts';
import type { FeedContext } from './feed-context.ts';
import { type Cryptography, judgeHello } from './hello.ts';
import { requestRefused } from './replies.ts';
import type { Session } from './session.ts';
import type { Submitter } from './submitter.ts';
import { relayVolatile } from './volatiles.ts';
import { WatchBlock } from './watch-block.ts';

export type StatusOf = (requestId: number) => FromServer;

export type IntakeParts = {
  readonly context: FeedContext;
  readonly submitter: Submitter;
  readonly epochs: Epochs;
  readonly cryptography: Cryptography;
  readonly statusOf: StatusOf;
};

/** `held`: the ordering is full; the message has to come again. */
export type Taken = 'taken' | 'held';

type Message<K extends FromClient['kind']> = Extract<FromClient, { kind: K }>;

/** When a client is to try again after a refusal that is the server's own fault. */
const retryAfterMs = 1_000;
/** The same when there are too many clients: they go one by one, after weeks. */
const manyClientsMs = 60_000;

export class Intake {
  readonly #parts: IntakeParts;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  take(connection: Connection, message: FromClient): Taken {
    if (message.kind === 'hello') return this.#hello(connection, message);
    if (message.kind === 'credentials') {
      // A server that asks for no credentials takes no notice of them (I2).
      if (this.#parts.context.settings.asksForCredentials) connection.verify(message.token);
      return 'taken';
    }
    const { session } = connection;
    if (session === null) {
      connection.end(refusal('NO_HELLO'));
      return 'taken';
    }
    const { settings } = this.#parts.context;
    const lack = lackOf(message, capabilitiesOf(session, settings));
    if (message.kind === 'submit') return this.#submit(session, message, lack);
    if (lack !== null) {
      if ('requestId' in message)
        this.#refuseRequest(connection, message.requestId, notGranted(lack));
      return 'taken';
    }
    switch (message.kind) {
      case 'join':
        return this.#join(session, message);
      case 'watch':
        this.#watch(session, message);
        return 'taken';
      case 'read_state':
        this.#pushBlock(session, message);
        return 'taken';
      case 'unwatch':
        session.push({ kind: 'unwatch', seq: this.#head.seq, name: message.group });
        return 'taken';
      case 'volatile':
        if (message.data.length <= settings.messageBytes) {
          relayVolatile(this.#parts.context, session, message);
        }
        return 'taken';
      case 'status':
        connection.send(this.#parts.statusOf(message.requestId));
        return 'taken';
      case 'ping':
        connection.send({ kind: 'pong', nonce: message.nonce });
        return 'taken';
      case 'bye':
        connection.close('BYE');
        return 'taken';
      default:
        return message satisfies never;
    }
  }

  get #head(): Position {
    return this.#parts.context.log.head;
  }

  #hello(connection: Connection, hello: Message<'hello'>): Taken {
    if (connection.stage !== 'fresh') {
      connection.end(refusal('ALREADY_ATTACHED'));
      return 'taken';
    }
    const subject = connection.credentials?.subject ?? null;
    if (subject === null && this.#parts.context.settings.asksForCredentials) {
      connection.end({ code: 'UNAUTHORIZED', message: 'This server asks for a token.' });
      return 'taken';
    }
    const judged = judgeHello(hello, subject, this.#parts.cryptography);
    if (!judged.ok) {
      connection.end(judged.ending);
      return 'taken';
    }
    const tooMany = judgeClient(judged.attach.client, this.#parts.context);
    if (tooMany !== null) {
      connection.end({ ...tooMany, retryAfterMs: manyClientsMs });
      return 'taken';
    }
    const result = this.#parts.submitter.submit(judged.attach, { connection, chain: null });
    if (result === 'full') return 'held';
    if (result === 'queued') connection.stage = 'attaching';
    else connection.end({ ...refusal('NOT_WRITABLE'), retryAfterMs });
    return 'taken';
  }

  #submit(session: Session, submission: Message<'submit'>, lack: Lack | null): Taken {
    const { context, submitter } = this.#parts;
    const { connection, client, id, chains } = session;
    const { group } = submission;
    const unrelated = judgeGroups(submission);
    if (unrelated !== null) return this.#refuse(connection, submission, unrelated);
    const mark = (): number => context.service.mark(client, group);
    const fit = chains.fit(submission, mark);
    if (fit === 'window') return this.#refuse(connection, submission, refusal('WINDOW'));
    if (fit === 'resend') {
      connection.send({ kind: 'resend', group, mark: mark() });
      return 'taken';
    }
    // A repetition has to get the answer that it had (A6).
    if (fit === 'follows') {
      const denied = chains.denied(submission) ?? lack;
      if (denied !== null) return this.#deny(session, submission, denied);
      const tooMuch =
        judgeSize(submission, context.settings) ?? judgeGrowth(client, submission, context);
      if (tooMuch !== null) return this.#refuse(connection, submission, tooMuch);
    }
    const privileged = lack === null;
    const command: Command = { kind: 'submit', client, session: id, privileged, submission };
    const result = submitter.submit(command, { connection, chain: group });
    if (result === 'full') return 'held';
    if (result === 'closed') return this.#refuse(connection, submission, refusal('NOT_WRITABLE'));
    chains.sent(submission, mark);
    return 'taken';
  }

  #join(session: Session, { requestId, groups }: Message<'join'>): Taken {
    const { context, submitter, epochs } = this.#parts;
    const { connection, client, id } = session;
    const judged = judgeTargets(groups, epochs, this.#head);
    if (!judged.ok) return this.#refuseRequest(connection, requestId, judged.refusal);
    const { targets } = judged;
    const tooMany = judgeJoin(targets, context);
    if (tooMany !== null) return this.#refuseRequest(connection, requestId, tooMany);
    const command: Command = { kind: 'join', client, session: id, requestId, targets };
    const result = submitter.submit(command, { connection, chain: null });
    if (result === 'full') return 'held';
    if (result === 'queued') return 'taken';
    return this.#refuseRequest(connection, requestId, refusal('NOT_WRITABLE'));
  }

  #watch(session: Session, watch: Message<'watch'>): void {
    const { connection, watches } = session;
    const { requestId, group } = watch;
    const judged = judgeTargets([{ ...watch, name: '' }], this.#parts.epochs, this.#head);
    if (!judged.ok) {
      this.#refuseRequest(connection, requestId, judged.refusal);
    } else if (!watches.has(group) && watches.size >= this.#parts.context.settings.watchesMax) {
      this.#refuseRequest(connection, requestId, refusal('LIMIT'));
    } else {
      const created = judged.targets[0]?.created ?? 0;
      this.#pushBlock(session, { ...watch, created });
    }
  }

  /** What needs no entry of its own is answered at the position that is applied now. */
  #pushBlock(session: Session, request: Message<'watch' | 'read_state'>): void {
    const block = new WatchBlock(this.#parts.context, session, request);
    session.blocks += 1;
    session.push({ kind: 'block', seq: this.#head.seq, block });
  }

  #deny({ connection, chains }: Session, submission: Submission, lack: Lack): Taken {
    if (chains.denied(submission) === null) chains.deny(submission, lack);
    return this.#refuse(connection, submission, notGranted(lack));
  }

  #refuse(connection: Connection, { group, localId }: Submission, refused: Refusal): Taken {
    this.#parts.context.tally.refuse(refused.code);
    connection.send({ kind: 'refused', group, localId, ...refused, holders: [] });
    return 'taken';
  }

  #refuseRequest(connection: Connection, requestId: number, { code, message }: Refusal): Taken {
    this.#parts.context.tally.refuse(code);
    connection.push(requestRefused(requestId, code, message));
    return 'taken';
  }
}
