/**
 * One life of a server process: the host, driven as its real driver does. One turn of its loop takes
 * all that has arrived, then the effects are performed in their order.
 */
import type { JournalReply, JournalRequest } from '@choir/journal';
import { decodeFrame, fromClient, fromServer, limits } from '@choir/protocol';
import { type ConnectionId, Host, type HostEffect, type HostOptions } from '@choir/server/host';
import type { Alarm, End, Peer, ProcessClock, Random, SimulatedJournal } from '@choir/testkit';
import type { ServerRecorder } from '../record/server-recorder.ts';
import { type Frame, sizeOf } from './frame.ts';
import { Standstill } from './standstill.ts';
import type { Surroundings } from './surroundings.ts';

type Line = { readonly end: End<Frame>; client: string; reading: boolean };

const verificationMsMax = 5;

export type ServerLifeParts = {
  readonly surroundings: Surroundings;
  readonly recorder: ServerRecorder;
  readonly clock: ProcessClock;
  readonly journal: SimulatedJournal;
  /** The host is at its end; the journal is to be closed. */
  readonly stopped: () => void;
  /** A commit is on its way to the disk. */
  readonly committing: () => void;
};

export class ServerLife implements Peer<Frame> {
  readonly #parts: ServerLifeParts;
  readonly #host: Host;
  readonly #lines = new Map<ConnectionId, Line>();
  readonly #ids = new Map<End<Frame>, ConnectionId>();
  readonly #standstill = new Standstill();
  /** Requests in the journal, to know what a `committed` is about. */
  readonly #requests: JournalRequest[] = [];
  #luck: Random | null = null;
  #nextId = 1;
  #alarm: Alarm | null = null;
  #ended = false;
  readonly #turn = (): void => this.#standstill.run(() => this.#takeTurn());

  constructor(options: HostOptions, parts: ServerLifeParts) {
    this.#parts = parts;
    this.#host = new Host(options, parts.clock.monotonic());
    this.#arm();
  }

  /** Gives a new connection an owner. The process may stand still: its kernel accepts all the same. */
  accept(): Peer<Frame> {
    return this;
  }

  opened(end: End<Frame>): void {
    this.#input(() => {
      const id = this.#nextId;
      this.#nextId += 1;
      this.#ids.set(end, id);
      this.#lines.set(id, { end, client: end.remote, reading: true });
      this.#host.connectionOpened(id, this.#now);
    });
    if (this.#standstill.still) end.pause();
  }

  received(end: End<Frame>, frame: Frame): void {
    this.#input(() => {
      const id = this.#ids.get(end);
      if (id === undefined) return;
      if (frame.kind !== 'data') {
        this.#host.heard(id, this.#now);
        return;
      }
      const decoded = decodeFrame(fromClient, frame.bytes, limits.frameBytes);
      if (!decoded.ok) {
        this.#host.refusedFrame(id, decoded.refusal);
        return;
      }
      for (const { kind } of decoded.messages) this.#parts.surroundings.seen.add(`from ${kind}`);
      this.#host.received(id, decoded.messages, this.#now);
    });
  }

  drained(end: End<Frame>): void {
    this.#input(() => {
      const id = this.#ids.get(end);
      if (id !== undefined) this.#host.buffered(id, end.bufferedBytes);
    });
  }

  closed(end: End<Frame>): void {
    this.#input(() => {
      const id = this.#ids.get(end);
      if (id === undefined) return;
      this.#forget(id);
      this.#host.connectionClosed(id);
    });
  }

  replied(reply: JournalReply): void {
    const request = this.#requests.shift();
    this.#input(() => {
      const { recorder } = this.#parts;
      if (reply.kind === 'committed' && request?.kind === 'commit') recorder.committed(request);
      recorder.replied(reply);
      this.#host.journalReplied(reply);
    });
  }

  /** Everybody was sent everything. */
  get even(): boolean {
    return this.#host.figures().behind === 0;
  }

  shutdown(): void {
    this.#input(() => this.#host.shutdown());
  }

  pause(): void {
    this.#standstill.stop();
    for (const { end } of this.#lines.values()) end.pause();
  }

  goOn(): void {
    for (const { end, reading } of this.#lines.values()) if (reading) end.resume();
    this.#standstill.goOn();
  }

  /** The process is gone. */
  end(): void {
    this.#ended = true;
    this.#parts.surroundings.scheduler.cancel(this.#alarm);
  }

  get #now(): number {
    return this.#parts.clock.monotonic();
  }

  #input(action: () => void): void {
    this.#standstill.run(() => {
      if (this.#ended) return;
      action();
      this.#arm();
    });
  }

  #arm(): void {
    const { scheduler } = this.#parts.surroundings;
    const at = this.#ended ? null : this.#host.nextTimeout();
    if (at === null) {
      scheduler.cancel(this.#alarm);
      return;
    }
    const due = scheduler.now + this.#parts.clock.virtual(Math.max(0, at - this.#now));
    if (this.#alarm?.pending === true && this.#alarm.time === due) return;
    scheduler.cancel(this.#alarm);
    this.#alarm = scheduler.at(due, this.#turn);
  }

  #takeTurn(): void {
    if (this.#ended) return;
    const effects = this.#host.takeEffects(this.#now, this.#parts.clock.wall());
    for (const effect of effects) this.#perform(effect);
    this.#arm();
  }

  #perform(effect: HostEffect): void {
    switch (effect.kind) {
      case 'journal':
        this.#ask(effect.request);
        return;
      case 'stop':
        this.#parts.surroundings.seen.add(`stop ${effect.code}`);
        this.#parts.stopped();
        return;
      default:
        this.#performOn(effect);
    }
  }

  #performOn(effect: Exclude<HostEffect, { kind: 'journal' | 'stop' }>): void {
    const line = this.#lines.get(effect.connection);
    if (line === undefined) return;
    switch (effect.kind) {
      case 'send':
        this.#send(effect.connection, line, effect.bytes);
        return;
      case 'close':
        this.#forget(effect.connection);
        line.end.close(1000, effect.code);
        return;
      case 'pause':
        line.reading = false;
        line.end.pause();
        return;
      case 'resume':
        line.reading = true;
        line.end.resume();
        return;
      case 'probe':
        this.#transmit(line.end, { kind: 'probe' });
        return;
      case 'admit':
        return;
      case 'verify':
        this.#verify(effect.connection, effect.token);
        return;
      default:
        effect satisfies never;
    }
  }

  #verify(id: ConnectionId, token: string): void {
    const { scheduler, issuer, random } = this.#parts.surroundings;
    if (issuer === null) throw new Error('A token is verified on a server that asks for none.');
    this.#luck ??= random.fork('verification');
    scheduler.after(this.#luck.between(0, verificationMsMax), () =>
      this.#input(() => this.#host.verified(id, issuer.verify(token), this.#now)),
    );
  }

  #ask(request: JournalRequest): void {
    const { recorder, journal, committing } = this.#parts;
    if (request.kind === 'commit') {
      recorder.rows(request.rows);
      committing();
    }
    this.#requests.push(request);
    journal.request(request);
  }

  #send(id: ConnectionId, line: Line, bytes: Uint8Array): void {
    const decoded = decodeFrame(fromServer, bytes, limits.frameBytes);
    if (!decoded.ok)
      throw new Error(`The host sent a frame that is none: ${decoded.refusal.message}`);
    for (const message of decoded.messages) {
      if (message.kind === 'welcome') line.client = message.clientId;
      this.#parts.surroundings.seen.add(`to ${message.kind}`);
      if ('code' in message) this.#parts.surroundings.seen.add(message.code);
      this.#parts.recorder.sent(line.client, message);
    }
    this.#transmit(line.end, { kind: 'data', bytes });
    this.#host.buffered(id, line.end.bufferedBytes);
  }

  #transmit(end: End<Frame>, frame: Frame): void {
    end.send(frame, sizeOf(frame));
  }

  #forget(id: ConnectionId): void {
    const line = this.#lines.get(id);
    if (line === undefined) return;
    this.#lines.delete(id);
    this.#ids.delete(line.end);
  }
}
