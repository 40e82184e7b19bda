/**
 * The connection: connecting → online → offline → connecting …, or closed for good. When to try again,
 * which server, and whether the other side is still there.
 */
import type { FromClient } from '@choir/protocol';
import { BackOff } from './back-off.ts';
import type { Effects } from './effects.ts';

export type ConnectionState = 'connecting' | 'online' | 'offline' | 'closed';

/** What a timeout is for. */
export type Due = 'dial' | 'ping' | 'give_up';

/** From dialling to the welcome. */
const welcomeMsMax = 15_000;
const heartbeatMsMin = 100;

export class Connection {
  readonly #servers: number;
  readonly #backOff: BackOff;
  readonly #effects: Effects;
  #state: ConnectionState = 'offline';
  #number = 0;
  #server = 0;
  /** Offline: when to dial, null before `start`. Connecting: when to give up. */
  #deadline: number | null = null;
  #heartbeatMs = 0;
  #onlineAt = 0;
  #heardAt = 0;
  #saidAt = 0;
  #pingedAt: number | null = null;
  #nonce = 0;
  #now = 0;

  constructor(servers: number, random: () => number, effects: Effects) {
    this.#servers = Math.max(servers, 1);
    this.#backOff = new BackOff(random);
    this.#effects = effects;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Tells this connection from earlier ones. */
  get number(): number {
    return this.#number;
  }

  get server(): number {
    return this.#server;
  }

  /** When the last message came. */
  get heardAt(): number {
    return this.#heardAt;
  }

  get heartbeatMs(): number {
    return this.#heartbeatMs;
  }

  /** Whether an input that names this connection still means anything. */
  isCurrent(connection: number): boolean {
    const open = this.#state === 'connecting' || this.#state === 'online';
    return open && connection === this.#number;
  }

  dial(now: number): void {
    this.#number += 1;
    this.#state = 'connecting';
    this.#deadline = now + welcomeMsMax;
    this.#heardAt = now;
    this.#effects.push({ kind: 'open', connection: this.#number, server: this.#server });
  }

  welcomed(heartbeatMs: number, now: number): void {
    this.#state = 'online';
    this.#deadline = null;
    this.#heartbeatMs = Math.max(heartbeatMs, heartbeatMsMin);
    this.#onlineAt = now;
    this.#heardAt = now;
    this.#pingedAt = null;
  }

  heard(now: number): void {
    this.#heardAt = now;
    this.#pingedAt = null;
  }

  /** The time of the input that is being handled. */
  tick(now: number): void {
    this.#now = now;
  }

  send(message: FromClient): void {
    this.#saidAt = this.#now;
    this.#effects.push({ kind: 'send', connection: this.#number, message });
  }

  ping(now: number): void {
    this.#nonce += 1;
    this.#pingedAt = now;
    this.send({ kind: 'ping', nonce: this.#nonce });
  }

  /** Gives up this connection and plans the next one, no sooner than after `floorMs`. */
  lost(now: number, floorMs: number): number {
    const heldMs = this.#state === 'online' ? now - this.#onlineAt : 0;
    const delay = this.#backOff.next({ heldMs, floorMs });
    this.#state = 'offline';
    this.#deadline = now + delay;
    this.#server = (this.#server + 1) % this.#servers;
    return delay;
  }

  close(): void {
    this.#state = 'closed';
    this.#deadline = null;
  }

  get nextTimeout(): number | null {
    if (this.#state !== 'online') return this.#deadline;
    if (this.#pingedAt !== null) return this.#pingedAt + this.#heartbeatMs;
    return Math.min(this.#heardAt, this.#saidAt) + this.#heartbeatMs;
  }

  due(now: number): Due | null {
    const at = this.nextTimeout;
    if (at === null || now < at) return null;
    if (this.#state === 'offline') return 'dial';
    // A timer that came late is no proof: only a ping without an answer is.
    if (this.#state === 'online' && this.#pingedAt === null) return 'ping';
    return 'give_up';
  }
}
