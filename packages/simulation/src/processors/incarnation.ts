/**
 * One incarnation of a processor with its driver: what arrives is given to the processor, its effects are performed in
 * order, and it gets its turn when it asked for one, or a little later.
 */
import {
  type ConnectionId,
  checked,
  type GroupId,
  Processor,
  type ProcessorId,
  type ProtocolEvent,
  processorId,
  type Request,
} from '@choir/ftmp';
import { type Alarm, fingerprint, type Random, type Scheduler, type Trace } from '@choir/testkit';
import type { DatagramNetwork } from '@choir/testkit/datagrams';
import { messageOf, payload } from './payload.ts';
import type { Plan } from './plan.ts';
import { Recorder } from './recorder.ts';

export type Place = {
  readonly scheduler: Scheduler;
  readonly network: DatagramNetwork;
  readonly trace: Trace;
  readonly random: Random;
  readonly plan: Pick<Plan, 'settings' | 'nearWrap'>;
  readonly seen: Set<string>;
  /** Where each incarnation is reached: two processes may claim one number. */
  readonly hosts: Map<ProcessorId, string>;
  /** Is shown everything that a processor does. */
  readonly watch?: (self: ProcessorId, event: ProtocolEvent) => void;
};

/** What a socket holds for a process that does not read, in datagrams. */
const socketDatagrams = 2_000;
/** How much later than asked for timers go off, at most. */
const lateMs = 0.5;

export class Incarnation {
  readonly processor: Processor;
  readonly recorder: Recorder;
  readonly host: string;
  readonly #place: Place;
  #alarm: Alarm | null = null;
  #socket: Uint8Array[] = [];
  #isPaused = false;
  #ended = false;
  #taking = true;
  /** Groups of which it was given a view. */
  readonly #views = new Set<GroupId>();
  readonly #untaken: { readonly group: GroupId; readonly bytes: number }[] = [];
  #n = 0;

  /** @param isTwin its number is another's; it has no place among the incarnations of that */
  constructor(number: number, place: Place, isTwin = false) {
    const { network, trace, random, plan, scheduler, seen } = place;
    const self = processorId(number, random.uint32());
    this.host = `p${number}${isTwin ? ' twin' : ''}`;
    this.#place = place;
    place.hosts.set(self, this.host);
    const now = (): number => scheduler.now;
    this.recorder = new Recorder(trace, self, { now, seen });
    const near = plan.nearWrap;
    this.processor = new Processor({
      self,
      address: new Uint8Array([number]),
      settings: plan.settings,
      envelope: checked,
      random: () => random.unit(),
      firstSequence: near === null ? 0 : 2 ** 32 - near,
      firstTimestamp: near === null ? 0 : 2 ** 32 - 2 * near,
      observe: (event) => {
        this.recorder.event(event);
        place.watch?.(self, event);
      },
    });
    if (!isTwin) this.recorder.record('started', { processor: number });
    network.attach(this.host, (bytes) => this.#arrived(bytes));
  }

  get id(): ProcessorId {
    return this.processor.id;
  }

  get isRunning(): boolean {
    return !this.#ended;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Whether it was given a view of the group, and is not out. */
  isIn(group: GroupId): boolean {
    return this.#views.has(group);
  }

  join(group: GroupId, init: boolean): void {
    this.processor.join(group, this.#place.scheduler.now, init);
    this.#wake(0);
  }

  leave(group: GroupId): void {
    if (this.#ended || this.#isPaused) return;
    this.processor.leave(group, this.#place.scheduler.now);
    this.#wake(0);
  }

  /** Hands over one message; nothing while it stands still, or has no view. */
  send(group: GroupId, length: number, safe: boolean, request: Request | null = null): void {
    if (this.#ended || this.#isPaused || !this.#views.has(group)) return;
    const bytes = payload(this.#n + 1, length);
    const answer = this.processor.submit(group, { bytes, safe, request });
    this.#place.seen.add(answer);
    if (answer !== 'queued') return;
    this.#n += 1;
    const message = messageOf(this.id, bytes);
    const delivery = safe ? 'safe' : 'agreed';
    this.recorder.record('sent', { group, message, delivery, data: fingerprint(bytes) });
    this.#wake(0);
  }

  /** kill -9 */
  kill(): void {
    if (this.#ended) return;
    this.recorder.record('crashed', {});
    this.#end();
  }

  /** Its process ends: it has left, or was excluded. */
  stop(): void {
    if (this.#ended) return;
    this.recorder.record('stopped', {});
    this.#end();
  }

  pause(): void {
    if (this.#ended || this.#isPaused) return;
    this.#isPaused = true;
    this.recorder.record('paused', {});
  }

  resume(): void {
    if (this.#ended || !this.#isPaused) return;
    this.#isPaused = false;
    this.recorder.record('resumed', {});
    this.#wake(0);
  }

  /** Whether the application takes what it is given. */
  setTaking(taking: boolean): void {
    this.#taking = taking;
    if (!taking) return;
    for (const { group, bytes } of this.#untaken.splice(0)) this.processor.delivered(group, bytes);
    this.#wake(0);
  }

  /** Takes part in the connection, as client and as server; asks for it until it is open. */
  connect(group: GroupId, connection: ConnectionId, address: Uint8Array): void {
    if (this.#ended || this.#isPaused || !this.#views.has(group)) return;
    this.processor.serve(group, connection.server, { group, address });
    this.processor.connect(connection, [this.id], this.#place.scheduler.now);
    this.#wake(0);
  }

  /** Moves the connection to another address. */
  move(group: GroupId, connection: ConnectionId, address: Uint8Array): void {
    if (this.#ended || this.#isPaused || !this.#views.has(group)) return;
    this.processor.move(group, connection, { group, address });
    this.#wake(0);
  }

  sample(group: GroupId): void {
    if (this.#ended) return;
    this.recorder.record('buffered', { group, ...this.processor.buffered(group) });
  }

  /** Called for every effect; the world reacts to views and ends. */
  onEffect: (effect: ReturnType<Processor['drain']>[number]) => void = () => {};

  #end(): void {
    this.#ended = true;
    this.#place.scheduler.cancel(this.#alarm);
    this.#place.network.detach(this.host);
  }

  #arrived(bytes: Uint8Array): void {
    if (this.#socket.length >= socketDatagrams) return;
    this.#socket.push(bytes);
    if (!this.#isPaused) this.#wake(0);
  }

  #wake(delayMs: number): void {
    if (this.#ended) return;
    const { scheduler } = this.#place;
    const at = scheduler.now + delayMs;
    if (this.#alarm?.pending === true && this.#alarm.time <= at) return;
    scheduler.cancel(this.#alarm);
    this.#alarm = scheduler.at(at, () => this.#turn());
  }

  #turn(): void {
    if (this.#ended || this.#isPaused) return;
    const { scheduler, random } = this.#place;
    const now = scheduler.now;
    for (const bytes of this.#socket.splice(0)) this.processor.receive(bytes, now);
    this.processor.turn(now);
    this.#perform();
    const { due } = this.processor;
    if (due !== Number.POSITIVE_INFINITY) {
      this.#wake(Math.max(0.01, due - now) + random.unit() * lateMs);
    }
  }

  #perform(): void {
    const { network, hosts } = this.#place;
    for (const effect of this.processor.drain()) {
      if (this.#ended) return;
      if (effect.kind === 'send') {
        const { to, bytes } = effect;
        const host = typeof to === 'number' ? hosts.get(to) : 'all';
        if (host !== undefined) network.send(this.host, host, bytes);
      } else if (effect.kind === 'view') {
        this.#views.add(effect.group);
      } else if (effect.kind === 'excluded' || effect.kind === 'left') {
        this.#views.delete(effect.group);
      } else if (effect.kind === 'deliver') {
        this.#delivered(effect.group, effect.bytes.length);
      }
      this.onEffect(effect);
    }
  }

  #delivered(group: GroupId, bytes: number): void {
    if (this.#taking) this.processor.delivered(group, bytes);
    else this.#untaken.push({ group, bytes });
  }
}
