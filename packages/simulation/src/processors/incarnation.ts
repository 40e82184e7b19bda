/** One incarnation of a processor in a world: what it does is written down, and it sends, connects and ends as it is told. */
import type { ConnectionId, Effect, GroupId, ProcessorId, Request } from '@choir/ftmp';
import { fingerprint, type Trace } from '@choir/testkit';
import { Host, type HostSurroundings } from './host.ts';
import { messageOf, payload } from './payload.ts';
import { Recorder } from './recorder.ts';

export type Place = HostSurroundings & {
  readonly trace: Trace;
  readonly seen: Set<string>;
};

export class Incarnation {
  readonly #host: Host;
  readonly #recorder: Recorder;
  readonly #seen: Set<string>;
  /** Groups of which it was given a view. */
  readonly #views = new Set<GroupId>();
  /** That it has joined. */
  #group: GroupId | null = null;
  #n = 0;

  /** @param isTwin its number is another's; it has no place among the incarnations of that */
  constructor(number: number, place: Place, isTwin = false) {
    const { trace, scheduler, seen } = place;
    this.#seen = seen;
    this.#host = new Host(number, `p${number}${isTwin ? ' twin' : ''}`, {
      ...place,
      watch: (self, event) => {
        this.#recorder.event(event);
        place.watch(self, event);
      },
    });
    this.#recorder = new Recorder(trace, this.id, { now: () => scheduler.now, seen });
    this.#host.onEffect = (effect) => this.#happened(effect);
    if (!isTwin) this.#recorder.record('started', { processor: number });
  }

  /** Called for every effect but datagrams; the world reacts to views and ends. */
  onEffect: (effect: Effect) => void = () => {};

  get id(): ProcessorId {
    return this.#host.id;
  }

  /** Where it is attached to the network. */
  get name(): string {
    return this.#host.name;
  }

  get isRunning(): boolean {
    return !this.#host.isEnded;
  }

  get isPaused(): boolean {
    return this.#host.isPaused;
  }

  /** Whether it was given a view of the group, and is not out. */
  isIn(group: GroupId): boolean {
    return this.#views.has(group);
  }

  join(group: GroupId, init: boolean): void {
    this.#group = group;
    this.#host.join(group, init);
  }

  leave(): void {
    if (this.isRunning && !this.isPaused && this.#group !== null) this.#host.leave(this.#group);
  }

  /** Hands over one message; nothing while it stands still, or has no view. */
  send(group: GroupId, length: number, safe: boolean, request: Request | null = null): void {
    if (!this.#isAbleIn(group)) return;
    const bytes = payload(this.#n + 1, length);
    const answer = this.#host.submit(group, bytes, { safe, request });
    this.#seen.add(answer);
    if (answer !== 'queued') return;
    this.#n += 1;
    const message = messageOf(this.id, bytes);
    const delivery = safe ? 'safe' : 'agreed';
    this.#recorder.record('sent', { group, message, delivery, data: fingerprint(bytes) });
  }

  /** kill -9 */
  kill(): void {
    this.#end('crashed');
  }

  /** Its process ends: it has left, or was excluded. */
  stop(): void {
    this.#end('stopped');
  }

  setPaused(isPaused: boolean): void {
    if (!this.isRunning || this.isPaused === isPaused) return;
    this.#recorder.record(isPaused ? 'paused' : 'resumed', {});
    this.#host.setPaused(isPaused);
  }

  /** Whether the application takes what it is given. */
  setTaking(isTaking: boolean): void {
    this.#host.setTaking(isTaking);
  }

  /** Takes part in the connection, as client and as server; asks for it until it is open. */
  connect(group: GroupId, connection: ConnectionId, address: Uint8Array): void {
    if (!this.#isAbleIn(group)) return;
    this.#host.act((processor, now) => {
      processor.serve(group, connection.server, { group, address });
      processor.connect(connection, [this.id], now);
    });
  }

  /** Moves the connection to another address. */
  move(group: GroupId, connection: ConnectionId, address: Uint8Array): void {
    if (!this.#isAbleIn(group)) return;
    this.#host.act((processor) => processor.move(group, connection, { group, address }));
  }

  sample(group: GroupId): void {
    if (!this.isRunning) return;
    this.#recorder.record('buffered', { group, ...this.#host.buffered(group) });
  }

  #isAbleIn(group: GroupId): boolean {
    return this.isRunning && !this.isPaused && this.isIn(group);
  }

  #end(how: 'crashed' | 'stopped'): void {
    if (!this.isRunning) return;
    this.#recorder.record(how, {});
    this.#host.end();
  }

  #happened(effect: Effect): void {
    if (effect.kind === 'view') this.#views.add(effect.group);
    else if (effect.kind === 'excluded' || effect.kind === 'left') this.#views.delete(effect.group);
    this.onEffect(effect);
  }
}
