/**
 * One process of a client: the session, driven as its real driver does, and the application's ear. Ends
 * by closing, by crashing, or because the session is over.
 */
import {
  type Command,
  type CommandResult,
  Session,
  type SessionEvent,
} from '@choir/client/session';
import { decodeFrame, fromServer, limits } from '@choir/protocol';
import type { Alarm, Closing, End, Peer, ProcessClock, Random } from '@choir/testkit';
import { ClientRecorder } from '../record/client-recorder.ts';
import { admin } from '../workload/plan.ts';
import { ClientEffects } from './client-effects.ts';
import { type Frame, sizeOf } from './frame.ts';
import type { Owner } from './owner.ts';
import { Standstill } from './standstill.ts';
import type { Surroundings } from './surroundings.ts';

const issuerMsMax = 40;

export type ClientProcessOptions = {
  readonly node: string;
  readonly life: number;
  readonly owner: Owner;
  readonly clock: ProcessClock;
  readonly heard: (event: SessionEvent) => void;
  /** Submissions that may be pending. */
  readonly outboxMax: number;
};

export class ClientProcess implements Peer<Frame> {
  readonly node: string;
  readonly owner: Owner;
  readonly session: Session;
  readonly #options: ClientProcessOptions;
  readonly #surroundings: Surroundings;
  readonly #recorder: ClientRecorder;
  readonly #effects: ClientEffects;
  readonly #standstill = new Standstill();
  readonly #luck: Random;
  #alarm: Alarm | null = null;
  #ended = false;
  #reading = true;
  readonly #due = (): void => this.#standstill.run(() => this.#timeout());

  constructor(options: ClientProcessOptions, surroundings: Surroundings) {
    const { node, life, owner } = options;
    this.node = node;
    this.owner = owner;
    this.#options = options;
    this.#surroundings = surroundings;
    const recorder = surroundings.recorder.for(node);
    this.#recorder = new ClientRecorder(recorder);
    const heard = (event: SessionEvent): void => this.#heard(event);
    const authenticate = (connection: number): void => this.#authenticate(connection);
    const recorded = { recorder: this.#recorder, heard, authenticate };
    const parts = { node, owner, surroundings, peer: this, ...recorded };
    this.#effects = new ClientEffects(parts);
    recorder.record('started', { life, role: 'client', identity: owner.name });
    const stored = [...owner.outbox.values()].sort((one, other) => one.localId - other.localId);
    for (const { group, localId, body } of stored) {
      recorder.record('restored', { group, localId, body: body.kind });
    }
    const random = surroundings.random.fork(`session ${node}`);
    this.#luck = surroundings.random.fork(`crash ${node}`);
    this.session = new Session({
      ...(owner.clientId === null ? {} : { clientId: owner.clientId }),
      secret: owner.secret,
      asksForToken: surroundings.issuer !== null,
      agent: 'simulation',
      random: () => random.unit(),
      stored,
      lastLocalId: owner.lastLocalId,
      outboxMessagesMax: options.outboxMax,
    });
    this.session.start(this.#now);
    this.#drain();
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** It has a connection over which something arrives. */
  get connected(): boolean {
    return this.#effects.line?.end.connection.whole === true;
  }

  /** It is online, and everything that it follows goes on without a break. */
  get live(): boolean {
    const { state, groups } = this.session;
    return state === 'online' && [...groups].every(({ phase }) => phase === 'live');
  }

  get still(): boolean {
    return this.#standstill.still;
  }

  command(command: Command): CommandResult {
    const result = this.session.command(command, this.#now);
    this.#surroundings.seen.add(`command ${command.kind}`);
    if (result.kind === 'refused') this.#surroundings.seen.add(`client ${result.code}`);
    this.#drain();
    return result;
  }

  opened(end: End<Frame>): void {
    this.#input(() => {
      const { line } = this.#effects;
      if (line?.end === end) this.session.opened(line.number, this.#now);
    });
    if (this.still || !this.#reading) end.pause();
  }

  received(end: End<Frame>, frame: Frame): void {
    this.#input(() => {
      const { line } = this.#effects;
      if (line?.end !== end) return;
      // Below the session: the WebSocket of a living process answers by itself.
      if (frame.kind === 'probe') end.send({ kind: 'answer' }, sizeOf(frame));
      if (frame.kind !== 'data') return;
      const { number } = line;
      const decoded = decodeFrame(fromServer, frame.bytes, limits.frameBytes);
      if (!decoded.ok) {
        this.session.unreadable(number, decoded.refusal.message, this.#now);
        return;
      }
      for (const message of decoded.messages) {
        if (this.#ended || this.#effects.line?.number !== number) return;
        this.#recorder.arrived(message);
        this.session.received(number, message, this.#now);
        this.#drain();
      }
    });
  }

  drained(): void {}

  closed(end: End<Frame>, _how: Closing): void {
    this.#input(() => {
      const { line } = this.#effects;
      if (line?.end !== end) return;
      this.#effects.line = null;
      this.session.closed(line.number, this.#now);
    });
  }

  pause(): void {
    if (this.still || this.#ended) return;
    this.#standstill.stop();
    this.#recorder.recorder.record('paused', {});
    this.#effects.line?.end.pause();
  }

  goOn(): void {
    if (!this.still || this.#ended) return;
    this.#recorder.recorder.record('unpaused', {});
    if (this.#reading) this.#effects.line?.end.resume();
    this.#standstill.goOn();
  }

  /** The application stops taking what the socket has, or goes on. */
  setReading(reading: boolean): void {
    this.#reading = reading;
    if (reading && !this.still) this.#effects.line?.end.resume();
    else this.#effects.line?.end.pause();
  }

  /** Another process takes over what this one has stored. */
  disown(): void {
    this.#effects.disowned = true;
    this.#recorder.recorder.record('disowned', {});
  }

  /** Tries at once, as a browser that is back online does. */
  wake(): void {
    this.#input(() => this.session.wake(this.#now));
  }

  /** The process is gone; its operating system closes the connection. */
  crash(): void {
    if (this.#ended) return;
    this.#end('crashed');
    this.#effects.line?.end.abort();
    if (this.#effects.disowned) return;
    const { owner } = this;
    owner.crash(this.#luck.chance(0.5) ? this.#luck.int(0, owner.lateRemovals) : 0);
  }

  /** Ends in order: the client stays a disconnected member of its groups. */
  close(): void {
    if (this.#ended || this.still) return;
    this.command({ kind: 'close' });
    if (!this.#ended) this.#end('closed');
  }

  /** The final state of all its copies. */
  recordCopies(): void {
    for (const { name, scope, copy } of this.session.groups) {
      if (copy === null) continue;
      // A watcher has no objects; its view of the membership is judged.
      this.#recorder.copy(name, scope === 'member' ? 'everything' : 'members', copy);
    }
    this.#recorder.recorder.record('pending', { count: this.session.pending });
  }

  get #now(): number {
    return this.#options.clock.monotonic();
  }

  #input(action: () => void): void {
    this.#standstill.run(() => {
      if (this.#ended) return;
      action();
      this.#drain();
    });
  }

  /** The application's issuer takes a while, and cannot always be reached. */
  #authenticate(connection: number): void {
    const { issuer, scheduler } = this.#surroundings;
    const [subject = ''] = this.owner.name.split('/');
    const token = issuer?.ask(subject, this.owner.clientId === admin);
    scheduler.after(this.#luck.between(0, issuerMsMax), () =>
      this.#input(() => {
        if (typeof token === 'string') this.session.token(connection, token, this.#now);
        else this.session.noToken(connection, 'the issuer is away', this.#now);
      }),
    );
  }

  #timeout(): void {
    if (this.#ended) return;
    this.session.timeout(this.#now);
    this.#drain();
  }

  #end(how: 'crashed' | 'closed' | 'over'): void {
    this.#ended = true;
    this.#surroundings.scheduler.cancel(this.#alarm);
    this.#recorder.recorder.record('ended', { life: this.#options.life, how });
  }

  #drain(): void {
    this.#effects.perform(this.session.drain());
    this.#arm();
  }

  #arm(): void {
    const { scheduler } = this.#surroundings;
    const at = this.#ended ? null : this.session.nextTimeout();
    if (at === null || at === Number.POSITIVE_INFINITY) {
      scheduler.cancel(this.#alarm);
      return;
    }
    // Timers of a runtime are a little late rather than early.
    const due = scheduler.now + this.#options.clock.virtual(Math.max(0, at - this.#now)) + 0.001;
    if (this.#alarm?.pending === true && Math.abs(this.#alarm.time - due) < 0.0005) return;
    scheduler.cancel(this.#alarm);
    this.#alarm = scheduler.at(due, this.#due);
  }

  #heard(event: SessionEvent): void {
    if (event.kind === 'ended' && !this.#ended) {
      this.#end(event.code === 'CLOSED' ? 'closed' : 'over');
    }
    this.#options.heard(event);
    if (event.kind !== 'connection' || event.state !== 'offline') return;
    // Whoever lost its outbox to another process does not come back by itself.
    if (this.#effects.disowned) this.crash();
  }
}
