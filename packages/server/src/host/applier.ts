/**
 * Applies committed entries to the service and carries out its effects: deliveries go to the tails and
 * the rows, what concerns a session goes into its stream. Nothing is sent here; the feed does that.
 */
import type { Effect, JoinedGroup, Timer } from '@choir/groups';
import type { Incarnation, Ordered } from '@choir/ordering';
import { codes, type Position, PROTOCOL_VERSION, type SessionId } from '@choir/protocol';
import type { Connection } from './connection.ts';
import type { Epochs } from './epochs.ts';
import type { FeedContext } from './feed-context.ts';
import { joinRefused, outcome, resend } from './replies.ts';
import { ResumeBlock } from './resume-block.ts';
import type { RowStore } from './row-store.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Submitter } from './submitter.ts';
import type { Timers } from './timers.ts';
import { TransferBlock } from './transfer-block.ts';

export type ApplierParts = {
  readonly me: Incarnation;
  readonly context: FeedContext & { readonly log: { head: Position } };
  readonly sessions: Sessions;
  readonly submitter: Submitter;
  readonly rows: RowStore;
  readonly timers: Timers;
  readonly epochs: Epochs;
};

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

export class Applier {
  readonly #parts: ApplierParts;
  /** The entry being applied, and the connection that it came from, if that was one of ours. */
  #at: Position;
  #time = 0;
  #connection: Connection | null = null;
  #now = 0;
  /** The entry that began this life was applied: from now on there are sessions and timers. */
  #ready = false;

  constructor(parts: ApplierParts) {
    this.#parts = parts;
    this.#at = parts.context.log.head;
  }

  get ready(): boolean {
    return this.#ready;
  }

  apply(ordered: Ordered, now: number): void {
    const { me, context, epochs, rows } = this.#parts;
    const { at } = ordered;
    this.#at = at;
    this.#time = ordered.time;
    this.#now = now;
    this.#connection =
      ordered.kind === 'entry' && ordered.source === me ? this.#origin(ordered.n) : null;
    epochs.apply(at);
    if (this.#ready && ordered.kind === 'entry') context.tally.entries += 1;
    context.log.head = at;
    for (const effect of context.service.apply(ordered)) this.#perform(effect);
    rows.appliedTo(at.seq, now);
    if (!this.#ready && ordered.kind === 'members' && ordered.nodes.includes(me)) this.#begin();
  }

  /** Whose entry came back; it no longer counts as under way. */
  #origin(n: number): Connection | null {
    const origin = this.#parts.submitter.returned(n);
    if (origin === null) return null;
    const { connection, chain } = origin;
    if (chain !== null) connection.session?.chains.settled(chain);
    return connection;
  }

  /** What was armed in earlier lives is armed again, in full (DESIGN, "Timers"). */
  #begin(): void {
    this.#ready = true;
    for (const timer of this.#parts.context.service.pendingTimers()) this.#arm(timer);
  }

  #arm(timer: Timer): void {
    if (this.#ready) this.#parts.timers.arm(timer, this.#now);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'deliver':
        this.#deliver(effect);
        break;
      case 'settle':
        this.#settle(effect);
        break;
      case 'resend':
        this.#push(effect.session, resend(effect));
        break;
      case 'attached':
        this.#attached(effect);
        break;
      case 'attach_refused':
        this.#connection?.end({ code: effect.code, message: codes[effect.code] });
        break;
      case 'session_ended':
        this.#sessionEnded(effect);
        break;
      case 'joined':
        this.#joined(effect);
        break;
      case 'join_refused':
        this.#joinRefused(effect);
        break;
      case 'left':
        this.#left(effect);
        break;
      case 'group_created':
        this.#created(effect);
        break;
      case 'group_deleted':
        this.#parts.context.streams.delete(effect.group, this.#at.seq);
        break;
      case 'arm':
        this.#arm(effect.timer);
        break;
      default:
        effect satisfies never;
    }
  }

  #deliver({ group: id, name: group, events }: Of<'deliver'>): void {
    const delivery = { group, at: this.#at, time: this.#time, events };
    this.#parts.rows.add(id, this.#parts.context.streams.deliver(id, delivery, this.#now));
  }

  /** A delivery to its sender is its ack, unless a block may swallow it. */
  #settle(effect: Of<'settle'>): void {
    this.#count(effect.result);
    const session = this.#session(effect.session);
    if (session === undefined) return;
    const told = effect.delivered && effect.result.kind === 'ok' && session.blocks === 0;
    if (!told) session.push({ kind: 'message', seq: this.#at.seq, bytes: outcome(effect) });
  }

  /** What is applied again at the start was counted in an earlier life. */
  #count(result: Of<'settle'>['result']): void {
    if (!this.#ready) return;
    const { tally } = this.#parts.context;
    if (result.kind === 'ok') tally.acknowledged += 1;
    if (result.kind === 'refused') tally.refuse(result.code);
  }

  #joinRefused(effect: Of<'join_refused'>): void {
    if (this.#ready) this.#parts.context.tally.refuse(effect.code);
    this.#push(effect.session, joinRefused(effect));
  }

  #attached({ session: id, client }: Of<'attached'>): void {
    const connection = this.#connection;
    if (connection === null) return;
    const { sessions, submitter, context } = this.#parts;
    if (connection.stage !== 'attaching') {
      submitter.detach(client, id);
      return;
    }
    sessions.begin(id, client, connection);
    const { heartbeatMs, messageBytes } = context.settings;
    connection.send({
      kind: 'welcome',
      version: PROTOCOL_VERSION,
      clientId: client,
      session: id,
      head: this.#at,
      heartbeatMs,
      messageBytes,
    });
  }

  /** A session with a connection ends by the log only when a newer one takes over. */
  #sessionEnded({ session: id }: Of<'session_ended'>): void {
    const session = this.#session(id);
    if (session === undefined) return;
    this.#parts.sessions.end(session);
    session.connection.end({ code: 'SUPERSEDED', message: codes.SUPERSEDED });
  }

  #joined({ session: id, requestId, groups }: Of<'joined'>): void {
    const session = this.#session(id);
    if (session === undefined) return;
    for (const joined of groups) {
      session.blocks += 1;
      const block = this.#block(session, requestId, joined);
      session.push({ kind: 'block', seq: this.#at.seq, block });
    }
  }

  #block(session: Session, requestId: number, { group, name, mark, answer }: JoinedGroup) {
    const { context } = this.#parts;
    const stream = context.streams.open(group, name, this.#at.seq);
    if (answer.kind === 'resume') {
      const { after } = answer;
      const at = this.#at;
      return new ResumeBlock(context, session, {
        requestId,
        stream,
        at,
        after,
        mark,
        as: 'member',
      });
    }
    const { gap } = answer;
    const transfer = { requestId, name, stream, gap, mark, as: 'member', objects: null } as const;
    return new TransferBlock(context, session, transfer);
  }

  /** Those who watch the name are sent all of the new group. */
  #created({ group, name }: Of<'group_created'>): void {
    const { streams } = this.#parts.context;
    const { seq } = this.#at;
    const stream = streams.create(group, name, seq);
    for (const session of streams.watchers(name)) {
      const scope = session.watches.get(name);
      if (scope === undefined) continue;
      session.expect(session.follow(stream, scope, seq - 1));
    }
  }

  #left({ session: id, group }: Of<'left'>): void {
    this.#session(id)?.push({ kind: 'left', seq: this.#at.seq, group });
  }

  #push(id: SessionId, bytes: Uint8Array): void {
    this.#session(id)?.push({ kind: 'message', seq: this.#at.seq, bytes });
  }

  #session(id: SessionId): Session | undefined {
    return this.#parts.sessions.get(id);
  }
}
