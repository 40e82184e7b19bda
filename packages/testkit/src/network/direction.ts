/**
 * One direction of a connection: what TCP makes of a sequence of messages.
 *
 * Boundary: knows time and bytes; the two ends and their owners are behind `Receiver`.
 *
 * Invariants:
 * D1 What arrives is a prefix of what was sent, in order, each message once and whole.
 * D2 After a cut the prefix ends among what was in flight, at a place drawn at random.
 * D3 `undelivered` counts every byte sent that has not arrived, also those that never will.
 */
import type { Random } from '../random.ts';
import type { Alarm, Scheduler } from '../scheduler.ts';
import type { Link } from './link.ts';

/** How a connection ended, as one end learns of it. */
export type Closing =
  /** The other end closed; everything it sent before has arrived. */
  | { readonly kind: 'orderly'; readonly code: number; readonly reason: string }
  /** Reset: by the operating system of the other end, or after the network gave up. */
  | { readonly kind: 'lost' }
  /** It never opened. */
  | { readonly kind: 'refused' };

export type Receiver<Message> = {
  arrived(message: Message): void;
  ended(closing: Closing): void;
  /** All that was in the way of the sender has arrived or entered the kernel's buffers. */
  emptied(): void;
};

export type DirectionSetting = {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly link: Link;
};

/** A message in flight; what is in flight is a chain in the order of sending. */
type Flight<Message> = {
  readonly message: Message;
  readonly bytes: number;
  readonly due: number;
  next: Flight<Message> | null;
};

export class Direction<Message> {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #link: Link;
  readonly #receiver: Receiver<Message>;
  #first: Flight<Message> | null = null;
  #last: Flight<Message> | null = null;
  #inFlight = 0;
  #undelivered = 0;
  #lastDue = 0;
  #stalledUntil = 0;
  #blocked = false;
  #paused = false;
  #cut = false;
  #crowded = false;
  #ending: Closing | null = null;
  #alarm: Alarm | null = null;
  readonly #wake = (): void => this.#deliver();

  constructor(setting: DirectionSetting, receiver: Receiver<Message>) {
    this.#scheduler = setting.scheduler;
    this.#random = setting.random;
    this.#link = setting.link;
    this.#receiver = receiver;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get undelivered(): number {
    return this.#undelivered;
  }

  get bufferedBytes(): number {
    return Math.max(0, this.#undelivered - this.#link.kernelBytes);
  }

  send(message: Message, bytes: number): void {
    this.#undelivered += bytes;
    if (this.#undelivered > this.#link.kernelBytes) this.#crowded = true;
    if (this.#cut) return;
    this.#lastDue = this.#due(bytes);
    const flight: Flight<Message> = { message, bytes, due: this.#lastDue, next: null };
    if (this.#last === null) this.#first = flight;
    else this.#last.next = flight;
    this.#last = flight;
    this.#inFlight += 1;
    if (this.#alarm === null) this.#arm();
  }

  /** The sender has closed: after everything sent so far, the receiver learns how it ended. */
  end(closing: Closing): void {
    if (this.#cut || this.#ending !== null) return;
    this.#ending = closing;
    this.#lastDue = this.#due(0);
    this.#arm();
  }

  /** Nothing sent from now on arrives, and of what is in flight only a prefix (D2). */
  cut(): void {
    if (this.#cut) return;
    this.#keep(this.#random.int(0, this.#inFlight));
    this.#cut = true;
    this.#ending = null;
  }

  /** The receiving end is gone: nothing arrives any more, and nobody is told. */
  stop(): void {
    this.#keep(0);
    this.#cut = true;
    this.#ending = null;
    this.#disarm();
  }

  /** Nothing arrives before `time`. */
  stall(time: number): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, time);
    this.#arm();
  }

  unstall(): void {
    this.#stalledUntil = 0;
    this.#arm();
  }

  /** Nothing arrives while it is blocked, nor after that before `resume`. */
  block(blocked: boolean, resume: number): void {
    this.#blocked = blocked;
    this.#stalledUntil = Math.max(this.#stalledUntil, resume);
    this.#arm();
  }

  /** The receiver stops reading, or goes on. */
  pause(paused: boolean): void {
    this.#paused = paused;
    this.#arm();
  }

  #due(bytes: number): number {
    const { latencyMs, jitterMs, bytesPerMs } = this.#link;
    const soonest = this.#scheduler.now + latencyMs + this.#random.exponential(jitterMs);
    return Math.max(this.#lastDue, soonest) + bytes / bytesPerMs;
  }

  /** Of what is in flight, the first `count` stay. */
  #keep(count: number): void {
    let last: Flight<Message> | null = null;
    let next = this.#first;
    for (let kept = 0; kept < count && next !== null; kept += 1) {
      last = next;
      next = next.next;
    }
    if (last === null) this.#first = null;
    else last.next = null;
    this.#last = last;
    this.#inFlight = count;
  }

  #disarm(): void {
    this.#scheduler.cancel(this.#alarm);
    this.#alarm = null;
  }

  /** Sets the alarm for the next arrival, if one is coming. */
  #arm(): void {
    this.#disarm();
    if (this.#paused || this.#blocked) return;
    if (this.#first === null && this.#ending === null) return;
    const due = this.#first === null ? this.#lastDue : this.#first.due;
    this.#alarm = this.#scheduler.at(Math.max(due, this.#stalledUntil), this.#wake);
  }

  /** Delivers what is due. Any callback may pause, stall, cut or stop this direction. */
  #deliver(): void {
    this.#alarm = null;
    const now = this.#scheduler.now;
    while (this.#first !== null && this.#first.due <= now && this.#open(now)) {
      this.#receiver.arrived(this.#shift(this.#first));
      this.#relieve();
    }
    const ending = this.#ending;
    if (this.#first !== null || ending === null || this.#lastDue > now || !this.#open(now)) {
      this.#arm();
      return;
    }
    this.#ending = null;
    this.#receiver.ended(ending);
  }

  #open(now: number): boolean {
    return !this.#paused && !this.#blocked && this.#stalledUntil <= now;
  }

  #shift(flight: Flight<Message>): Message {
    this.#first = flight.next;
    if (flight.next === null) this.#last = null;
    this.#inFlight -= 1;
    this.#undelivered -= flight.bytes;
    return flight.message;
  }

  #relieve(): void {
    if (!this.#crowded || this.#undelivered > this.#link.kernelBytes) return;
    this.#crowded = false;
    this.#receiver.emptied();
  }
}
