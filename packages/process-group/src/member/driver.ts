/**
 * Drives the core of one member: gives it what the processor gives, performs its effects at once and in order, and lets out what it says as
 * there is room.
 *
 * Boundary: no decisions about the group; those are the core's.
 */
import { now, type GroupEvent as ProcessorEvent, type ProcessorHost } from '@choir/drivers';
import { type GroupId, type ProcessorId, processorText } from '@choir/ftmp';
import type { Block } from '../blocks/block.ts';
import { type CoreEffect, GroupCore, type Member } from '../core/index.ts';
import type { GroupError } from '../group-error.ts';
import { MemberCounters } from '../statistics/member-counters.ts';
import { isReserved, statisticsChannel } from '../statistics/reserved-channels.ts';
import type { Answerer } from './answerer.ts';
import { type Answer, Answering } from './answering.ts';
import { awaitWithin, type Departure, type Patience } from './departure.ts';
import { DueTimer } from './due-timer.ts';
import { brokenError, closedError, excludedError, overError, unreadError } from './endings.ts';
import type { EventStream } from './event-stream.ts';
import { Hearing } from './hearing.ts';
import { MemberReplicas } from './member-replicas.ts';
import type { Obstacle } from './obstacle.ts';
import { OpenRequests } from './open-requests.ts';
import { Outflow, type Say } from './outflow.ts';
import { pieceDigest } from './piece-digest.ts';
import { Presence } from './presence.ts';
import { entryError, refusalError } from './refusal.ts';
import { isStateTaken, providedState } from './state-handover.ts';
import { UnderWay } from './under-way.ts';

export type DriverOptions = {
  readonly host: ProcessorHost;
  readonly group: GroupId;
  readonly name: string;
  readonly label: string | null;
  readonly replicas: Readonly<Record<string, Block>>;
  readonly observer: boolean;
  readonly answer: Answerer | null;
  /** Is told what an operator should mend. */
  readonly warn: (text: string) => void;
};

type Ending = { readonly reason: GroupError | null; readonly departure: Departure };

export class GroupDriver {
  readonly presence = new Presence((primary) => this.events.push({ kind: 'primary', primary }));
  readonly requests: OpenRequests;
  readonly outflow: Outflow;
  readonly #hearing: Hearing;
  readonly #options: DriverOptions;
  readonly #replicas: MemberReplicas;
  readonly #counters: MemberCounters;
  readonly #underWay: UnderWay;
  readonly #answering: Answering;
  readonly #timer = new DueTimer(() => {
    this.#core.turn(now());
    this.#advance();
  });
  /** Resolves when this process leaves, and everything has gone out. */
  readonly #emptied = Promise.withResolvers<void>();
  readonly #over = Promise.withResolvers<GroupError | null>();
  readonly #joined = Promise.withResolvers<void>();
  #core: GroupCore;
  #id: ProcessorId;
  #obstacle: Obstacle = { kind: 'silence' };
  #ending: Ending | null = null;
  #isLeaving = false;
  /** Members of the views so far that may still be told of. */
  #members: ReadonlyMap<ProcessorId, Member> = new Map();

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#counters = new MemberCounters(options.observer);
    this.#underWay = new UnderWay(options.host);
    this.outflow = new Outflow(this.#underWay, options.group, () => this.#counters.sent());
    this.requests = new OpenRequests((number) => {
      this.#core.giveUp(number);
      this.#advance();
    });
    this.#hearing = new Hearing({
      outflow: this.outflow,
      requests: this.requests,
      giveUp: (number) => this.#core.giveUp(number),
      unread: () => unreadError(options.name),
    });
    this.#replicas = new MemberReplicas(options, (error) => {
      if (this.isOver) options.warn(error.message);
      else this.giveUp(error);
    });
    this.#answering = new Answering((core) => {
      if (core === this.#core) this.advance();
    });
    this.#id = options.host.id;
    this.#core = this.#newCore(this.#id);
    this.#joined.promise.catch(() => {});
    this.#place(this.#id);
  }

  /** Of the present incarnation, as far as the events that were heard say. */
  get id(): ProcessorId {
    return this.#id;
  }

  get core(): GroupCore {
    return this.#core;
  }

  get events(): EventStream {
    return this.#hearing.events;
  }

  /** Resolves with the first view, rejects when the group is over before. */
  get joined(): Promise<void> {
    return this.#joined.promise;
  }

  /** Resolves when the group is over for this process, with the reason; with null when it has left. */
  get over(): Promise<GroupError | null> {
    return this.#over.promise;
  }

  /** Why this process has not joined yet, as far as it knows. */
  get obstacle(): Obstacle {
    const isCutOff = this.#obstacle.kind === 'state' && !this.presence.hasQuorum;
    return isCutOff ? { kind: 'minority' } : this.#obstacle;
  }

  get isOver(): boolean {
    return this.#ending !== null;
  }

  /** Hears the group until it is over. */
  async run(): Promise<void> {
    const { host, group, name } = this.#options;
    try {
      await this.#hearing.run(host.events(group), (event) => {
        if (!this.isOver) this.#hear(event);
      });
      this.end(null);
    } catch (cause) {
      this.giveUp(brokenError(name, cause));
    }
  }

  /** Has something said to the core as soon as there is room. @throws GroupError when the group is over before */
  async say(say: Say, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const answer = this.trySay(say);
    if (answer === 'queued') return;
    if (answer === 'closed') throw this.#overError();
    const said = this.outflow.wait(say, signal);
    this.advance();
    await said;
  }

  /** As `say`, if there is room now. */
  trySay(say: Say): 'queued' | 'full' | 'closed' {
    if (this.isOver || this.#isLeaving) return 'closed';
    if (!this.outflow.isOpen || this.#core.members.length === 0) return 'full';
    say(this.#core);
    this.advance();
    return 'queued';
  }

  /** Something was said to the core. */
  advance(): void {
    this.#advance();
    this.#hearing.lookAgain();
  }

  /** Takes nothing more, and leaves when everything that was taken has gone out. */
  async leave(patience: Patience): Promise<Departure> {
    if (this.#ending !== null) return this.#ending.departure;
    const { host, group } = this.#options;
    this.#isLeaving = true;
    this.#hearing.leave();
    this.outflow.fail(this.#overError());
    this.advance();
    const left = this.#emptied.promise.then(() => host.leave(group));
    left.catch(() => {});
    // Not `left`: what came before is heard first, and then that it has left.
    await awaitWithin(this.over, patience);
    return this.#end(null, false).departure;
  }

  /** The group is over for this process: `reason` says why, if it was not left. */
  end(reason: GroupError | null): void {
    this.#end(reason, false);
  }

  /** Out of the group, of FTMP's too: who stayed there would count for its quorum. */
  giveUp(error: GroupError): void {
    const { host, group } = this.#options;
    host.leave(group).catch(() => {});
    this.end(error);
  }

  #end(reason: GroupError | null, isAgreed: boolean): Ending {
    if (this.#ending !== null) return this.#ending;
    this.#timer.stop();
    this.#core.close();
    const ending = { reason, departure: this.#departure(reason, isAgreed) };
    this.#ending = ending;
    const over = this.#overError();
    this.#emptied.resolve();
    this.#joined.reject(reason ?? over);
    this.requests.fail(reason ?? over);
    this.outflow.fail(over);
    this.events.end(reason);
    this.#over.resolve(reason);
    this.#replicas.over(over);
    return ending;
  }

  #departure(reason: GroupError | null, isAgreed: boolean): Departure {
    if (reason !== null) return { kind: 'over', reason };
    if (isAgreed) return { kind: 'agreed' };
    const unsentMessages = this.#underWay.unsent(this.#core, this.outflow);
    return { kind: 'unagreed', unsentMessages };
  }

  #overError(): GroupError {
    return overError(this.#options.name, this.#ending?.reason ?? null);
  }

  #newCore(self: ProcessorId): GroupCore {
    const { name, label, observer: observes } = this.#options;
    const shown = label ?? processorText(self);
    return new GroupCore({ self, name, label: shown, observes, digest: pieceDigest });
  }

  /** Gives the replicas their places, as of this incarnation. */
  #place(self: ProcessorId): void {
    this.#replicas.place({
      self,
      say: (say: Say, signal?: AbortSignal) => this.say(say, signal),
      core: () => (this.isOver || this.#core.members.length === 0 ? null : this.#core),
      said: () => this.advance(),
      awaiting: <Outcome>(outcome: Promise<Outcome>) => this.#hearing.awaiting(outcome),
    });
  }

  #hear(event: ProcessorEvent): void {
    switch (event.kind) {
      case 'view':
        if (this.#obstacle.kind !== 'label') this.#obstacle = { kind: 'state' };
        this.#core.view(event.view, now());
        break;
      case 'message':
        this.#counters.delivered();
        if (event.sender === this.#id) this.#underWay.came();
        this.#core.message(event.sender, event.bytes, now());
        break;
      case 'primary':
        this.#replicas.primary(event.primary);
        this.presence.quorum(event.primary);
        break;
      case 'excluded':
        this.#excluded(event.rejoins);
        break;
      case 'slow':
      case 'stalled':
        this.#tellOf(event.kind, event.processor, event.is);
        break;
      case 'left':
        this.#end(null, !event.removed);
        return;
      case 'closed':
        this.end(closedError(this.#options.name, event.error));
        return;
      case 'refused':
        this.#stopped(event, entryError(this.#options.name, event.reason));
        break;
      case 'writable':
        break;
      default:
        event satisfies never;
    }
    this.#advance();
  }

  #stopped(obstacle: Obstacle, error: GroupError | null): void {
    if (error === null) this.#obstacle = obstacle;
    else this.giveUp(error);
  }

  #excluded(rejoins: ProcessorId | null): void {
    const error = excludedError(this.#options.name);
    if (rejoins === null) {
      this.end(error);
      return;
    }
    // Its departure tells what that has put in doubt.
    if (this.#isLeaving) {
      this.end(null);
      return;
    }
    this.requests.fail(error);
    this.outflow.renew();
    this.#underWay.renew();
    this.#core.close();
    this.#id = rejoins;
    this.#core = this.#newCore(rejoins);
    this.#place(rejoins);
    this.events.push({ kind: 'excluded' });
    this.presence.excluded();
  }

  #advance(): void {
    const core = this.#core;
    for (let effects = core.drain(); effects.length > 0; effects = core.drain()) {
      for (const effect of effects) if (!this.isOver) this.#perform(core, effect);
    }
    if (this.isOver) return;
    this.outflow.flush(core);
    if (this.#isLeaving && this.outflow.isEmpty(core)) this.#emptied.resolve();
    this.#timer.set(core.due);
  }

  #perform(core: GroupCore, effect: CoreEffect): void {
    switch (effect.kind) {
      case 'view':
        this.#members = new Map(effect.view.members.map((member) => [member.id, member]));
        this.#counters.viewed(effect.view);
        this.#replicas.view(effect.view);
        this.events.push(effect);
        this.presence.viewed();
        this.#joined.resolve();
        return;
      case 'message':
        this.#message(effect);
        return;
      case 'request':
        this.#answering.answer(core, effect, this.#answerer(effect.channel, effect.asker));
        return;
      case 'replies':
        this.requests.settle(effect.number, effect.replies);
        return;
      case 'snapshot':
        core.provide(effect.transfer, providedState(this.#options, this.#replicas.state));
        return;
      case 'restore':
        core.restored(isStateTaken(this.#options, this.#replicas.state, effect.pieces));
        return;
      case 'refused':
      case 'state-lost':
        this.#stopped({ kind: 'label' }, refusalError(this.#options, effect));
        return;
      case 'unreadable':
        this.events.push({ kind: 'unreadable', from: processorText(effect.sender) });
        return;
      default:
        effect satisfies never;
    }
  }

  /** Null: nobody here answers it. */
  #answerer(channel: string, asker: ProcessorId): Answer | null {
    const { host, group, answer } = this.#options;
    if (channel === statisticsChannel) {
      return () => this.#counters.answer(host, group, this.outflow.waiting);
    }
    const from = this.#members.get(asker);
    if (isReserved(channel) || answer === null || from === undefined) return null;
    return (bytes) => answer({ from, channel, bytes });
  }

  #message({ channel, sender, bytes, direct }: Extract<CoreEffect, { kind: 'message' }>): void {
    // R6: the core gives no message of anybody else.
    const from = this.#members.get(sender);
    if (from === undefined) return;
    if (!direct && this.#replicas.state.has(channel)) {
      this.#replicas.apply(channel, from, bytes);
    } else if (isReserved(channel)) {
      this.events.push({ kind: 'unreadable', from: processorText(sender) });
    } else this.events.push({ kind: 'message', channel, from, bytes, direct });
  }

  #tellOf(kind: 'slow' | 'stalled', id: ProcessorId, is: boolean): void {
    const member = this.#members.get(id);
    if (member !== undefined) this.events.push({ kind, member, is });
  }
}
