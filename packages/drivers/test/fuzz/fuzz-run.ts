// Attacks three living groups in virtual time. Outsiders meet one whose datagrams are protected; strangers and liars meet one each
// that holders of the key can speak to. Nothing may throw and nothing grow; outsiders and strangers may disturb nobody, but that who
// asks to be let in is added, and dropped when it is not heard. What a liar inside can do to its group is in the threat model: a group
// that it broke is replaced.
import { Random } from '@choir/testkit';
import { KeyRing } from '../../src/envelope/key-ring.ts';
import { OpenGate } from '../../src/envelope/open-gate.ts';
import { SealedGate } from '../../src/envelope/sealed-gate.ts';
import { encodeDestination } from '../../src/udp/destination.ts';
import { outsiders, strangers } from './attacks.ts';
import { heapNow } from './heap.ts';
import { Liars, type Lie } from './liars.ts';
import { LiveGroup } from './live-group.ts';
import { listed, Recent, type Thrown } from './recent.ts';

export type FuzzPlan = {
  readonly datagrams: number;
  readonly seed: number;
  readonly onStage?: (datagrams: number, heapBytes: number) => void;
  /** Where the last datagrams are told. */
  readonly recent?: Recent;
};

export type FuzzResult = {
  readonly seed: number;
  readonly datagrams: number;
  /** What went wrong; empty when all is well. */
  readonly failures: readonly string[];
  /** Attacks by what they were. */
  readonly attacks: ReadonlyMap<string, number>;
  /** Datagrams refused, by who sent them and why. */
  readonly refused: ReadonlyMap<string, number>;
  /** Groups that were broken by those who may speak in them. */
  readonly broken: number;
  /** Strangers who asked to be let in, where nothing spoke against it. */
  readonly came: number;
  /** After garbage collection: before any attack, then the mean of each stage. */
  readonly heapBytes: readonly number[];
};

const everybody = ['outsider', 'stranger', 'liar'] as const;
type Who = (typeof everybody)[number];

const stages = 12;
/** What groups hold for their windows goes up and down: a mean over many times tells whether it grows. */
const measureEvery = 1_000;
const checkEvery = 2_000;
/** Liars leave little of a group: it is looked at more often, lest most of what they say meet ruins. */
const liarCheckEvery = 400;
const ruinCheckEvery = 100;
const passEvery = 20;
const attackerPort = 66;
/** Of what a group took, so much is told when it throws. */
const takenKept = 32;
/** Of the strangers' Joins, those for which they are added. */
const comingShare = 0.05;
/** So often many strangers ask in a row, so many at most. */
const rushShare = 1 / 10_000;
const rushMost = 1_000;
/** Each of those has to be suspected, one after the other, before the group goes on. */
const newcomersPatienceMs = 60_000;
const nowhere = { pass: () => {}, reply: () => {} };
const openGate = (passage: ConstructorParameters<typeof OpenGate>[0]) => new OpenGate(passage);

export function fuzzRun(plan: FuzzPlan): FuzzResult {
  return new FuzzRun(plan).run();
}

class FuzzRun {
  readonly #plan: FuzzPlan;
  readonly #random: Random;
  readonly #recent: Recent;
  readonly #groups: Record<Who, LiveGroup>;
  #liars: Liars;
  readonly #wrongKey: SealedGate;
  readonly #seal = new OpenGate(nowhere);
  readonly #addresses = [5, 6].map((port) => encodeDestination({ address: '127.0.0.1', port }));
  readonly #failures: string[] = [];
  readonly #attacks = new Map<string, number>();
  readonly #refused = new Map<string, number>();
  readonly #heapBytes: number[] = [];
  readonly #taken: Record<Who, Thrown[]> = { outsider: [], stranger: [], liar: [] };
  /** Strangers who are to ask next, one behind the other. */
  #rush = 0;
  #broken = 0;
  #came = 0;

  constructor(plan: FuzzPlan) {
    this.#plan = plan;
    this.#recent = plan.recent ?? new Recent();
    const random = new Random(`fuzz ftmp ${plan.seed}`);
    this.#random = random;
    const key = random.bytes(32);
    const other = random.bytes(32);
    this.#wrongKey = new SealedGate(nowhere, new KeyRing([{ id: 1, key: other }]), () => 0);
    const live = () => this.#recent.live();
    const sealed: ConstructorParameters<typeof LiveGroup>[1] = (passage, clock) =>
      new SealedGate(passage, new KeyRing([{ id: 1, key }]), clock);
    this.#groups = {
      outsider: new LiveGroup(random.fork('outsider'), sealed, live),
      stranger: new LiveGroup(random.fork('stranger'), openGate, live),
      liar: new LiveGroup(random.fork('liar'), openGate, live),
    };
    this.#liars = this.#newLiars(this.#groups.liar);
  }

  run(): FuzzResult {
    const { datagrams, seed, onStage } = this.#plan;
    for (const [name, live] of Object.entries(this.#groups)) {
      if (!live.goesOn()) this.#failures.push(`the group for ${name}s did not begin`);
    }
    this.#heapBytes.push(heapNow());
    let ofStage: number[] = [];
    for (let n = 1; n <= datagrams && this.#failures.length === 0; n += 1) {
      this.#attack(n);
      const isEndOfStage = n % Math.ceil(datagrams / stages) === 0;
      if (isEndOfStage || n % measureEvery === 0) ofStage.push(heapNow());
      if (!isEndOfStage) continue;
      const mean = ofStage.reduce((sum, bytes) => sum + bytes, 0) / ofStage.length;
      this.#heapBytes.push(mean);
      onStage?.(n, mean);
      ofStage = [];
    }
    if (this.#failures.length === 0) this.#check();
    for (const who of everybody) this.#countRefused(who);
    return {
      seed,
      datagrams,
      failures: this.#failures,
      attacks: this.#attacks,
      refused: this.#refused,
      broken: this.#broken,
      came: this.#came,
      heapBytes: this.#heapBytes,
    };
  }

  #attack(n: number): void {
    const random = this.#random;
    const who = random.pick(['outsider', 'outsider', 'stranger', 'liar'] as const);
    const live = this.#groups[who];
    const at = random.int(0, live.ends.length - 1);
    const { datagram, ...attack } = this.#drawn(who, at);
    const name = `${who}: ${attack.name}`;
    this.#attacks.set(name, (this.#attacks.get(name) ?? 0) + 1);
    if (attack.comes !== undefined) {
      live.comers.add(attack.comes);
      if (who === 'stranger') this.#came += 1;
    }
    const thrown = { number: n, name, datagram };
    this.#recent.add(thrown);
    this.#tried(who, () => {
      const to = attack.isForAll ? [...live.ends.keys()] : [at];
      const isTaken = to.map((one) => live.attack(one, datagram, attackerPort));
      if (!isTaken.includes(true)) return;
      this.#taken[who].push(thrown);
      if (this.#taken[who].length > takenKept) this.#taken[who].shift();
    });
    if (n % passEvery === 0) {
      for (const one of everybody) this.#tried(one, () => this.#groups[one].pass(1));
    }
    if (n % checkEvery === 0) this.#check();
    const isDisturbed = this.#groups.liar.disturbances.length > 0;
    if (n % (isDisturbed ? ruinCheckEvery : liarCheckEvery) === 0) {
      this.#tried('liar', () => this.#checkLiars());
    }
  }

  /** What is thrown may be because of what was taken some time before. */
  #tried(who: Who, what: () => void): void {
    try {
      what();
    } catch (error) {
      const taken = listed(this.#taken[who]);
      this.#failures.push(`the group of ${who}s threw: ${(error as Error).stack}
The last datagrams that it took:\n${taken}`);
    }
  }

  #drawn(who: Who, at: number): Lie {
    const random = this.#random;
    const live = this.#groups[who];
    if (who === 'outsider') {
      return { ...outsiders(live, this.#wrongKey, random), isForAll: false };
    }
    const lie = who === 'liar' ? this.#liars.next(at) : this.#strange(live, at);
    // Whoever has the key closes in what it likes.
    return { ...lie, datagram: this.#seal.seal(lie.datagram) };
  }

  #strange(live: LiveGroup, target: number): Lie {
    const random = this.#random;
    if (this.#rush > 0) this.#rush -= 1;
    else if (random.chance(rushShare)) this.#rush = Math.floor(rushMost ** random.unit());
    const isRush = this.#rush > 0;
    const stranger = { target, addresses: this.#addresses, comingShare, isRush };
    return { ...strangers(live, stranger, random), isForAll: false };
  }

  #check(): void {
    for (const who of ['outsider', 'stranger'] as const) {
      const live = this.#groups[who];
      const patienceMs = who === 'stranger' ? newcomersPatienceMs : undefined;
      const failure = (what: string): void => {
        const last = listed(this.#taken[who].slice(-1));
        this.#failures.push(`the group of ${who}s ${what}; it took last: ${last}`);
      };
      this.#tried(who, () => {
        if (!live.goesOn(patienceMs)) failure('does not go on');
        for (const what of live.disturbances) failure(what);
      });
    }
  }

  #checkLiars(): void {
    const { liar } = this.#groups;
    if (liar.goesOn()) return;
    this.#countRefused('liar');
    this.#broken += 1;
    const random = this.#random.fork(`liar ${this.#broken}`);
    const live = new LiveGroup(random, openGate, () => this.#recent.live());
    this.#groups.liar = live;
    this.#taken.liar = [];
    this.#liars = this.#newLiars(live);
    // Joiners are lied to as well: every other group forms meanwhile.
    if (random.chance(0.5)) live.pass(random.int(1, 10));
    else if (!live.goesOn()) this.#failures.push('a new group did not begin');
  }

  #newLiars(live: LiveGroup): Liars {
    const { datagrams } = this.#plan;
    return new Liars(live, this.#random, { addresses: this.#addresses, datagrams });
  }

  #countRefused(who: Who): void {
    for (const [reason, count] of this.#groups[who].refused()) {
      const name = `${who}: ${reason}`;
      this.#refused.set(name, (this.#refused.get(name) ?? 0) + count);
    }
  }
}
