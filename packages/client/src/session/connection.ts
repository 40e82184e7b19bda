/**
 * The connection: connecting → online → offline → connecting …, or closed for good. When to try again,
 * which server, and whether the other side is still there.
 */
import type { FromClient } from '@choir/protocol';
import { BackOff } from './back-off.ts';
import type { Effects } from './effects.ts';

/** `connecting`: before the server has said welcome; `offline`: until the next attempt; `closed`: for good. */
export type ConnectionState = 'connecting' | 'online' | 'offline' | 'closed';

/** What a timeout is for. */
export type Due = 'dial' | 'ping' | 'wait' | 'give_up';

/** From dialling to the welcome. */
const welcomeMsMax = 15_000;
/** A timer that comes later than this was held back with everything else: a hidden tab, a suspended machine. */
const lateMsMax = 1_000;
const heartbeatMsMin = 100;

export type ConnectionOptions = {
  /** How many there are to try in turn. */
  readonly servers?: number | undefined;
  /** The one that knows this client; null when none does yet. */
  readonly home?: number | null | undefined;
  readonly random: () => number;
};

export class Connection {
  readonly #servers: number;
  readonly #backOff: BackOff;
  readonly #effects: Effects;
  #state: ConnectionState = 'offline';
  #number = 0;
  #server: number;
  /** The server has welcomed this client: only there do its positions and local ids mean something. */
  #settled: boolean;
  /** When the server may be tried again, at the earliest. */
  #welcomeBack = 0;
  /** A late timer was forgiven since the last message. */
  #forgiven = false;
  /** Offline: when to dial, null before `start`. Connecting: when to give up. */
  #deadline: number | null = null;
  #heartbeatMs = 0;
  #onlineAt = 0;
  #heardAt = 0;
  #saidAt = 0;
  #pingedAt: number | null = null;
  #nonce = 0;
  #now = 0;

  constructor({ servers = 1, home = null, random }: ConnectionOptions, effects: Effects) {
    this.#servers = Math.max(servers, 1);
    this.#server = home ?? 0;
    this.#settled = home !== null;
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

  /** Whether a server has welcomed this client. */
  get isSettled(): boolean {
    return this.#settled;
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
    this.#forgiven = false;
    this.#effects.push({ kind: 'open', connection: this.#number, server: this.#server });
  }

  welcomed(heartbeatMs: number, now: number): void {
    this.#state = 'online';
    this.#settled = true;
    this.#deadline = null;
    this.#heartbeatMs = Math.max(heartbeatMs, heartbeatMsMin);
    this.#onlineAt = now;
    this.#heardAt = now;
    this.#pingedAt = null;
  }

  heard(now: number): void {
    this.#heardAt = now;
    this.#pingedAt = null;
    this.#forgiven = false;
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
    this.#forgiven = this.#pingedAt !== null;
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
    this.#welcomeBack = now + floorMs;
    if (!this.#settled) this.#server = (this.#server + 1) % this.#servers;
    return delay;
  }

  /** Whether to try now instead of at the time that was drawn. */
  mayWake(now: number): boolean {
    return this.#state === 'offline' && this.#number > 0 && now >= this.#welcomeBack;
  }

  /** No welcome yet, by a timer that came late. */
  wait(now: number): void {
    this.#deadline = now + welcomeMsMax;
    this.#forgiven = true;
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
    const isOnline = this.#state === 'online';
    if (isOnline && this.#pingedAt === null) return 'ping';
    // What arrived while everything was held back may be handed over only after this timer. Once: a tab
    // whose timers always come late must notice the end of a connection, too.
    if (now - at > lateMsMax && !this.#forgiven) return isOnline ? 'ping' : 'wait';
    return 'give_up';
  }
}
