/**
 * A simulated stream connection, as WebSocket over TCP behaves, and its two ends.
 *
 * Invariants:
 * N1 Each end learns of the connection's end once or never; after that, or after it closed itself,
 *    its owner hears nothing more from it.
 * N2 A cut tells nobody by itself: who is to learn of it, and when, is in the cut. An end that is
 *    never told must find out by itself (keep-alive) and `abort`.
 * N3 Bytes that cannot leave are visible to their sender as `bufferedBytes`.
 */
import type { Scheduler } from '../scheduler.ts';
import { type Closing, Direction, type DirectionSetting, type Receiver } from './direction.ts';

/** The owner of an end. */
export interface Peer<Message> {
  opened(end: End<Message>): void;
  received(end: End<Message>, message: Message): void;
  /** `bufferedBytes` is back to zero after it was not. */
  drained(end: End<Message>): void;
  closed(end: End<Message>, how: Closing): void;
}

const lost: Closing = { kind: 'lost' };

export class End<Message> {
  readonly host: string;
  readonly remote: string;
  readonly connection: Connection<Message>;
  /** 0 connected, 1 accepted. */
  readonly side: 0 | 1;

  constructor(connection: Connection<Message>, side: 0 | 1) {
    this.connection = connection;
    this.side = side;
    this.host = connection.hosts[side];
    this.remote = connection.hosts[side === 0 ? 1 : 0];
  }

  get open(): boolean {
    return this.connection.isOpen(this.side);
  }

  get bufferedBytes(): number {
    return this.connection.out(this.side).bufferedBytes;
  }

  /** On an end that is not open the message is lost, as with a closed socket. */
  send(message: Message, bytes: number): void {
    this.connection.send(this.side, message, bytes);
  }

  /** Orderly: the other end receives everything sent before, then the code and the reason. */
  close(code = 1000, reason = ''): void {
    this.connection.close(this.side, { kind: 'orderly', code, reason });
  }

  /** At once: of what is in flight only a prefix arrives, then the other end is told `lost`. */
  abort(): void {
    this.connection.abort(this.side);
  }

  /** Stops reading: messages pile up on the way and then at their sender. */
  pause(): void {
    this.connection.in(this.side).pause(true);
  }

  resume(): void {
    this.connection.in(this.side).pause(false);
  }
}

export type ConnectionSetting = DirectionSetting & {
  readonly hosts: readonly [string, string];
  /** Called once, when neither end can be told anything any more. */
  readonly forgotten: (id: number) => void;
  readonly id: number;
};

type EndState = 'opening' | 'open' | 'closed';

export class Connection<Message> {
  readonly id: number;
  readonly hosts: readonly [string, string];
  /** The end that connected, and the end that accepted. */
  readonly ends: readonly [End<Message>, End<Message>];
  readonly #scheduler: Scheduler;
  readonly #setting: ConnectionSetting;
  readonly #peers: [Peer<Message> | null, Peer<Message> | null] = [null, null];
  readonly #states: [EndState, EndState] = ['opening', 'opening'];
  /** Index: the side that receives. */
  readonly #toward: readonly [Direction<Message>, Direction<Message>];
  #cut = false;
  /** The cut is over and one end has forgotten the connection: whoever sends is reset. */
  #resets = false;

  constructor(setting: ConnectionSetting) {
    this.#setting = setting;
    this.#scheduler = setting.scheduler;
    this.id = setting.id;
    this.hosts = setting.hosts;
    this.ends = [new End(this, 0), new End(this, 1)];
    this.#toward = [
      new Direction(setting, this.#receiver(0)),
      new Direction(setting, this.#receiver(1)),
    ];
    for (const direction of this.#toward) direction.pause(true);
  }

  isOpen(side: 0 | 1): boolean {
    return this.#states[side] === 'open';
  }

  /** True while messages sent at either end may still arrive. */
  get whole(): boolean {
    return !this.#cut && this.isOpen(0) && this.isOpen(1);
  }

  in(side: 0 | 1): Direction<Message> {
    return this.#toward[side];
  }

  out(side: 0 | 1): Direction<Message> {
    return this.#toward[other(side)];
  }

  /** The end at `side` opens, with its owner. */
  establish(side: 0 | 1, peer: Peer<Message>): void {
    if (this.#states[side] !== 'opening') return;
    this.#states[side] = 'open';
    this.#peers[side] = peer;
    peer.opened(this.ends[side]);
    if (this.isOpen(side)) this.in(side).pause(false);
  }

  /** The end at `side` will be told how its opening failed. */
  refuse(side: 0 | 1, peer: Peer<Message>): void {
    this.#leave(other(side));
    if (this.#states[side] !== 'opening') return;
    this.#peers[side] = peer;
    this.#tell(side, { kind: 'refused' });
  }

  send(side: 0 | 1, message: Message, bytes: number): void {
    if (!this.isOpen(side)) return;
    this.out(side).send(message, bytes);
    if (this.#resets) this.#learn(side, 2 * this.#setting.link.latencyMs);
  }

  close(side: 0 | 1, closing: Closing): void {
    if (this.#states[side] === 'closed') return;
    this.#leave(side);
    this.out(side).end(closing);
  }

  abort(side: 0 | 1): void {
    if (this.#states[side] === 'closed') return;
    this.#leave(side);
    const told = !this.#cut && this.#states[other(side)] !== 'closed';
    this.out(side).cut();
    if (told) this.#learn(other(side), this.#setting.link.latencyMs);
  }

  /**
   * The link between the ends is gone for good. `learn` holds, per side, after how long that end is
   * told; null is never (N2).
   */
  cut(learn: readonly [number | null, number | null]): void {
    this.#cut = true;
    for (const side of [0, 1] as const) {
      this.in(side).cut();
      const delay = learn[side];
      if (delay !== null) this.#learn(side, delay);
    }
  }

  /** For so long nothing arrives at this side, and what is sent to it piles up. */
  stall(side: 0 | 1, lastMs: number): void {
    this.in(side).stall(this.#scheduler.now + lastMs);
  }

  unstall(side: 0 | 1): void {
    this.in(side).unstall();
  }

  /** The host of this side lost its power: its end is gone and the other is not told. */
  vanish(side: 0 | 1): void {
    this.#cut = true;
    this.out(side).cut();
    this.#leave(side);
  }

  /** A vanished end's host is up again: from now on a packet to it is answered by a reset. */
  reset(): void {
    this.#resets = this.#cut;
  }

  #learn(side: 0 | 1, delayMs: number): void {
    this.#scheduler.after(delayMs, () => this.#tell(side, lost));
  }

  #tell(side: 0 | 1, how: Closing): void {
    if (this.#states[side] === 'closed') return;
    const peer = this.#peers[side];
    this.#leave(side);
    peer?.closed(this.ends[side], how);
  }

  /** This side neither sends nor hears from now on. */
  #leave(side: 0 | 1): void {
    if (this.#states[side] === 'closed') return;
    this.#states[side] = 'closed';
    this.#peers[side] = null;
    this.in(side).stop();
    if (this.#states[other(side)] === 'closed') this.#setting.forgotten(this.id);
  }

  #receiver(side: 0 | 1): Receiver<Message> {
    return {
      arrived: (message) => {
        if (this.isOpen(side)) this.#peers[side]?.received(this.ends[side], message);
      },
      ended: (closing) => this.#tell(side, closing),
      emptied: () => {
        const sender = other(side);
        if (this.isOpen(sender)) this.#peers[sender]?.drained(this.ends[sender]);
      },
    };
  }
}

function other(side: 0 | 1): 0 | 1 {
  return side === 0 ? 1 : 0;
}
