/**
 * The simulated network of datagrams: hosts send to one host or to all others, and each copy has its
 * own fate.
 *
 * Boundary: hosts are names; bytes are the owners'. Faults are weather and blocks here; when they
 * strike is the fault plan's business.
 *
 * Invariants:
 * W1 What arrives was sent, to this host, with these bytes, unless `corrupt` flipped one bit of the copy.
 * W2 While a direction is blocked nothing that is sent arrives there; what is under way still does.
 *    Each block is lifted by its own unblock: overlapping faults do not heal each other.
 * W3 A copy is received by whoever is attached to its host when it arrives, or by nobody.
 * W4 What is larger than the network passes on its way never arrives.
 * W5 A datagram is lost with any of the packets that it is cut into.
 */

import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { copyOf } from './copies.ts';
import type { Spell, Weather } from './weather.ts';

export type DatagramNetworkOptions = {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** One way, without the jitter. Default 0.2. */
  readonly latencyMs?: number;
  /** Mean of what is added to each copy, exponentially distributed. Default 0.1. */
  readonly jitterMs?: number;
  /** Larger datagrams are lost, as where a network drops fragments. Default: none are too large. */
  readonly passesBytes?: number;
  /** To and from this host, no more passes than so many bytes. Default: there is no such host. */
  readonly narrow?: { readonly host: string; readonly passesBytes: number } | null;
  /** What befalls all copies of the run. Default: nothing. */
  readonly weather?: Weather;
  /** Told of every copy that will not arrive as it was sent: lost, blocked or corrupted. */
  readonly lost?: Tap;
};

/** Is given a datagram; must not change the bytes, which other copies share. */
export type Receive = (bytes: Uint8Array, from: string) => void;

/** Sees every copy that is sent, before its fate. */
export type Tap = (bytes: Uint8Array, from: string, to: string) => void;

/** The largest payload of UDP over IPv4. */
export const datagramBytesMax = 65_507;
/** How much of a datagram a packet of Ethernet holds. */
export const fragmentBytes = 1_480;

class Way {
  blocks = 0;
  /** When something was last sent this way. */
  sentAt = Number.NEGATIVE_INFINITY;
}

export class DatagramNetwork {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #latencyMs: number;
  readonly #jitterMs: number;
  readonly #passesBytes: number;
  readonly #narrow: DatagramNetworkOptions['narrow'];
  readonly #attached = new Map<string, Receive>();
  readonly #known = new Set<string>();
  readonly #ways = new Map<string, Map<string, Way>>();
  readonly #spells = new Set<Imposed>();
  readonly #taps: Tap[] = [];
  readonly #lost: Tap;
  #standing: Spell;
  #sent = 0;
  #arrived = 0;
  #inFlight = 0;

  constructor(options: DatagramNetworkOptions) {
    this.#scheduler = options.scheduler;
    this.#random = options.random;
    this.#latencyMs = options.latencyMs ?? 0.2;
    this.#jitterMs = options.jitterMs ?? 0.1;
    this.#passesBytes = options.passesBytes ?? datagramBytesMax;
    this.#narrow = options.narrow;
    this.#lost = options.lost ?? (() => undefined);
    this.#standing = this.impose(options.weather ?? {});
  }

  /** From now on `receive` gets what arrives at `host`, instead of whoever was attached before. */
  attach(host: string, receive: Receive): void {
    this.#attached.set(host, receive);
    this.#known.add(host);
  }

  detach(host: string): void {
    this.#attached.delete(host);
  }

  get now(): number {
    return this.#scheduler.now;
  }

  /** Every host that was ever attached, in the order of their first time. */
  hosts(): readonly string[] {
    return [...this.#known];
  }

  /** Copies sent so far, and those that arrived at somebody attached. */
  get sent(): number {
    return this.#sent;
  }

  get arrived(): number {
    return this.#arrived;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  tap(tap: Tap): void {
    this.#taps.push(tap);
  }

  /**
   * Sends to one host, or to every attached host but the sender. The bytes are copied.
   * @throws RangeError when they are more than fit into a datagram.
   */
  send(from: string, to: string, bytes: Uint8Array): void {
    if (bytes.length > datagramBytesMax) {
      throw new RangeError(`${bytes.length} bytes do not fit into a datagram: split them`);
    }
    const copy = copyOf(bytes);
    if (to !== 'all') {
      this.#dispatch(from, to, copy);
      return;
    }
    for (const host of this.#attached.keys()) {
      if (host !== from) this.#dispatch(from, host, copy);
    }
  }

  /** Replaces the weather of the run; what was imposed beside it stays. */
  setWeather(weather: Weather): void {
    this.#standing.lift();
    this.#standing = this.impose(weather);
  }

  /** Adds to the weather until it is lifted. */
  impose(weather: Weather): Spell {
    const spell = new Imposed(weather, this.#spells);
    this.#spells.add(spell);
    return spell;
  }

  reaches(from: string, to: string): boolean {
    return (this.#ways.get(from)?.get(to)?.blocks ?? 0) === 0;
  }

  block(from: string, to: string): void {
    this.#way(from, to).blocks += 1;
  }

  /** Undoes one `block`. */
  unblock(from: string, to: string): void {
    const way = this.#way(from, to);
    if (way.blocks > 0) way.blocks -= 1;
  }

  /** Whether `from` sent to `to` within the last so many milliseconds. */
  isBusy(from: string, to: string, withinMs: number): boolean {
    const sentAt = this.#ways.get(from)?.get(to)?.sentAt;
    return sentAt !== undefined && this.#scheduler.now - sentAt <= withinMs;
  }

  #dispatch(from: string, to: string, bytes: Uint8Array): void {
    const way = this.#way(from, to);
    way.sentAt = this.#scheduler.now;
    this.#sent += 1;
    for (const tap of this.#taps) tap(bytes, from, to);
    if (way.blocks > 0 || bytes.length > this.#passes(from, to)) {
      this.#lost(bytes, from, to);
      return;
    }
    let copies = 1;
    for (const spell of this.#spells) {
      if (!spell.concerns(bytes, from, to)) continue;
      if (this.#strikes(spell, lossOf(bytes, spell.weather.loss))) {
        this.#lost(bytes, from, to);
        return;
      }
      if (this.#strikes(spell, spell.weather.duplicate)) copies += 1;
    }
    for (let copy = 0; copy < copies; copy += 1) this.#fly(from, to, bytes);
  }

  /** What the network passes from one host to another. */
  #passes(from: string, to: string): number {
    const narrow = this.#narrow;
    const isNarrow = narrow?.host === from || narrow?.host === to;
    return Math.min(this.#passesBytes, isNarrow ? (narrow?.passesBytes ?? 0) : datagramBytesMax);
  }

  #fly(from: string, to: string, sent: Uint8Array): void {
    let bytes = sent;
    let delayMs = this.#latencyMs + this.#random.exponential(this.#jitterMs);
    for (const spell of this.#spells) {
      if (!spell.concerns(sent, from, to)) continue;
      const { weather } = spell;
      if (this.#strikes(spell, weather.reorder)) {
        delayMs += this.#random.between(0, weather.reorderMsMax ?? 20);
      }
      if (bytes.length > 0 && this.#strikes(spell, weather.corrupt)) bytes = this.#flip(bytes);
      if (weather.delayMs !== undefined) {
        spell.hits += 1;
        delayMs += weather.delayMs;
      }
    }
    if (bytes !== sent) this.#lost(sent, from, to);
    this.#inFlight += 1;
    this.#scheduler.after(delayMs, () => {
      this.#inFlight -= 1;
      const receive = this.#attached.get(to);
      if (receive === undefined) return;
      this.#arrived += 1;
      receive(bytes, from);
    });
  }

  #strikes(spell: Imposed, probability: number | undefined): boolean {
    if (probability === undefined || !this.#random.chance(probability)) return false;
    spell.hits += 1;
    return true;
  }

  #flip(bytes: Uint8Array): Uint8Array {
    const flipped = bytes.slice();
    const at = this.#random.int(0, bytes.length - 1);
    flipped[at] = (flipped[at] as number) ^ (1 << this.#random.int(0, 7));
    return flipped;
  }

  #way(from: string, to: string): Way {
    let ways = this.#ways.get(from);
    if (ways === undefined) {
      ways = new Map();
      this.#ways.set(from, ways);
    }
    let way = ways.get(to);
    if (way === undefined) {
      way = new Way();
      ways.set(to, way);
    }
    return way;
  }
}

class Imposed implements Spell {
  readonly weather: Weather;
  readonly #spells: Set<Imposed>;
  hits = 0;

  constructor(weather: Weather, spells: Set<Imposed>) {
    this.weather = weather;
    this.#spells = spells;
  }

  concerns(bytes: Uint8Array, from: string, to: string): boolean {
    return this.weather.only?.(bytes, from, to) ?? true;
  }

  lift(): void {
    this.#spells.delete(this);
  }
}

/** W5: how probable it is that this datagram is lost, when that is `loss` for a packet. */
function lossOf(bytes: Uint8Array, loss: number | undefined): number | undefined {
  if (loss === undefined || bytes.length <= fragmentBytes) return loss;
  return 1 - (1 - loss) ** Math.ceil(bytes.length / fragmentBytes);
}
