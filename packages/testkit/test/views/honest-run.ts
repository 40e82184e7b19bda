/**
 * A random trace of one group in which nothing is wrong: one log that all processes walk along, each at
 * its own pace, with joins, leaves, crashes and exclusions. Not a protocol: it knows everything at once.
 */
import { Random } from '../../src/index.ts';
import type { Delivery } from '../../src/views/index.ts';
import { type Cause, group, Story } from './story.ts';

type Entry = {
  readonly timestamp: number;
  readonly source: string;
  readonly holders: Set<string>;
  readonly delivery: Delivery | null;
  /** The members from here on, where the entry changes them. */
  readonly members: readonly string[] | null;
  readonly cause: Cause;
};

type Walker = { readonly node: string; at: number; members: readonly string[] };

export class HonestRun {
  readonly story = new Story();
  readonly #random: Random;
  #clock = 1;
  readonly #log: Entry[] = [];
  readonly #walkers = new Map<string, Walker>();
  readonly #incarnations = new Map<number, number>();
  readonly #acked = new Map<string, number>();

  constructor(seed: number, steps: number) {
    this.#random = new Random(`honest ${seed}`);
    this.story.say('world', { kind: 'phase', phase: 'work' });
    const founder = this.#start(1);
    this.#enter({ node: founder, at: 0, members: [] }, this.#change([founder], founder, 'first'));
    for (let processor = 2; processor <= 4; processor += 1) this.#join(this.#start(processor));
    for (let step = 0; step < steps; step += 1) this.#step();
    this.#rest();
  }

  #step(): void {
    const rare = this.#random.unit();
    if (rare < 0.002) this.#cutOff('crashed');
    else if (rare < 0.004) this.#cutOff('excluded');
    else if (rare < 0.006) this.#leave();
    else if (rare < 0.02 && this.#walkers.size < 5) this.#join(this.#start(this.#absent()));
    else if (rare < 0.15) this.#send();
    else if (rare < 0.5) this.#receive();
    else if (rare < 0.8) this.#walk(this.#anybody());
    else if (rare < 0.9) this.#ack(this.#anybody());
    else this.#release(this.#anybody());
  }

  #anybody(): Walker {
    return this.#random.pick([...this.#walkers.values()]);
  }

  /** A processor of which no incarnation is in. */
  #absent(): number {
    const present = new Set([...this.#walkers.keys()].map((node) => Number.parseInt(node, 10)));
    return this.#random.pick([1, 2, 3, 4, 5].filter((processor) => !present.has(processor)));
  }

  #start(processor: number): string {
    const incarnation = (this.#incarnations.get(processor) ?? 0) + 1;
    this.#incarnations.set(processor, incarnation);
    const node = `${processor}.${incarnation}`;
    this.story.start(node);
    return node;
  }

  #change(members: readonly string[], source: string, cause: Cause): Entry {
    this.#clock += 1;
    const entry = { timestamp: this.#clock, source, members, cause, delivery: null };
    const holders = new Set([...this.#walkers.keys(), ...members]);
    this.#log.push({ ...entry, holders });
    if (cause === 'added' || cause === 'removed') {
      this.story.make(source, this.#clock);
      this.story.store(this.#clock, ...[...holders].filter((node) => node !== source));
    }
    return this.#log.at(-1) as Entry;
  }

  /** The members behind the last change in the log. */
  #newest(): readonly string[] {
    return this.#log.findLast(({ members }) => members !== null)?.members ?? [];
  }

  #join(node: string): void {
    const source = this.#random.pick(this.#newest().filter((one) => this.#hasEntered(one)));
    const entry = this.#change([...this.#newest(), node], source, 'added');
    this.#walkers.set(node, { node, at: this.#log.indexOf(entry), members: [] });
  }

  #hasEntered(node: string): boolean {
    return (this.#walkers.get(node)?.members.length ?? 0) > 0;
  }

  #leave(): void {
    const staying = this.#newest().filter((node) => this.#hasEntered(node));
    if (staying.length < 3) return;
    const node = this.#random.pick(staying);
    const rest = this.#newest().filter((one) => one !== node);
    this.#change(rest, node, 'removed');
    // Nothing of its own may come behind its removal: it walks there at once, and all others, too.
    this.#receiveAll();
    this.#walkAll();
  }

  #send(): void {
    const { node, members } = this.#anybody();
    if (members.length === 0) return;
    this.#clock += this.#random.int(1, 3);
    const delivery = this.#random.chance(0.3) ? 'safe' : 'agreed';
    this.story.send(node, this.#clock, delivery);
    const entry = { timestamp: this.#clock, source: node, delivery, members: null } as const;
    this.#log.push({ ...entry, cause: 'first', holders: new Set([node]) });
  }

  #receive(): void {
    const { node, at } = this.#anybody();
    const missing = this.#log.slice(at).filter(({ holders }) => !holders.has(node));
    if (missing.length > 0) this.#store(this.#random.pick(missing.slice(0, 5)), node);
  }

  #store(entry: Entry, node: string): void {
    entry.holders.add(node);
    this.story.store(entry.timestamp, node);
  }

  /** One step along the log, if the process may take it. */
  #walk(walker: Walker, convicted: readonly string[] = []): boolean {
    const entry = this.#log[walker.at];
    if (entry === undefined || !entry.holders.has(walker.node)) return false;
    const isAgreed = entry.delivery === 'agreed';
    if (!isAgreed && !this.#isStable(walker, convicted)) return false;
    if (entry.members !== null) {
      // A view that only a newcomer has seen would continue nothing.
      if (walker.members.length === 0 && !this.#isSeen(entry)) return false;
      this.#enter(walker, entry);
      return this.#walkers.has(walker.node);
    }
    this.story.deliver(entry.timestamp, walker.node);
    walker.at += 1;
    return true;
  }

  /**
   * Whether all who count hold all up to here since the last change. Safe messages wait for it, and so
   * do changes: else who crashes behind one could have been given more before it than the survivors (S10).
   */
  #isStable({ members, at }: Walker, convicted: readonly string[]): boolean {
    const needed = members.filter((member) => !convicted.includes(member));
    for (let place = at; place >= 0; place -= 1) {
      const entry = this.#log[place] as Entry;
      if (place < at && entry.members !== null) break;
      if (!needed.every((member) => entry.holders.has(member))) return false;
    }
    return true;
  }

  #isSeen(entry: Entry): boolean {
    const place = this.#log.indexOf(entry);
    return [...this.#walkers.values()].some(({ at, members }) => members.length > 0 && at > place);
  }

  #enter(walker: Walker, { timestamp, source, members, cause }: Entry): void {
    const { node } = walker;
    if (members === null) throw new Error('no change of members');
    if (!members.includes(node)) {
      this.story.say(node, { kind: 'left', group });
      this.#walkers.delete(node);
      return;
    }
    const isNew = walker.members.length === 0;
    const together = isNew ? [node] : members.filter((one) => walker.members.includes(one));
    this.story.say(node, {
      kind: 'view',
      group,
      view: `${timestamp}/${Number.parseInt(source, 10)}`,
      members,
      primary: true,
      transitional: together,
      cause: isNew && cause === 'added' ? 'joined' : cause,
    });
    walker.members = members;
    walker.at = this.#log.findIndex((entry) => entry.timestamp === timestamp) + 1;
    this.#walkers.set(node, walker);
  }

  #cutOff(how: 'crashed' | 'excluded'): void {
    const present = [...this.#walkers.values()].filter(({ members }) => members.length > 0);
    if (present.length < 3) return;
    const lost = this.#random.pick(present);
    this.#walkers.delete(lost.node);
    if (how === 'crashed') this.story.say(lost.node, { kind: 'crashed' });
    for (const { node } of this.#walkers.values()) {
      this.story.say(node, { kind: 'convicted', group, who: lost.node });
    }
    // What no survivor holds is no message of the group any more, nor what its sender sent later.
    let isWhole = true;
    const survives = ({ source, holders, members }: Entry): boolean => {
      if (source !== lost.node || members !== null) return true;
      isWhole &&= [...holders].some((node) => this.#walkers.has(node));
      return isWhole;
    };
    const from = Math.min(...[...this.#walkers.values()].map(({ at }) => at));
    const gone = this.#log.slice(from).filter((entry) => !survives(entry));
    for (const walker of this.#walkers.values()) {
      walker.at -= gone.filter((entry) => this.#log.indexOf(entry) < walker.at).length;
    }
    this.#log.splice(0, this.#log.length, ...this.#log.filter((entry) => !gone.includes(entry)));
    this.#receiveAll();
    this.#walkAll([lost.node]);
    const rest = this.#newest().filter((node) => node !== lost.node);
    this.#change(rest, rest[0] ?? '', 'fault');
    this.#walkAll([lost.node]);
    if (how === 'excluded') this.story.say(lost.node, { kind: 'excluded', group });
  }

  #receiveAll(): void {
    for (const { node, at } of this.#walkers.values()) {
      for (const entry of this.#log.slice(at)) {
        if (!entry.holders.has(node)) this.#store(entry, node);
      }
    }
  }

  /** Everybody to the end of the log, in any order; newcomers behind the first of the others. */
  #walkAll(convicted: readonly string[] = []): void {
    const drawn = this.#random.shuffle([...this.#walkers.values()]);
    const isNew = ({ members }: Walker): boolean => members.length === 0;
    for (const walker of [...drawn.filter((one) => !isNew(one)), ...drawn.filter(isNew)]) {
      while (this.#walk(walker, convicted));
    }
  }

  /** Up to the first message that it lacks; a newcomer counts from its first view. */
  #ack({ node, at, members }: Walker): void {
    if (members.length === 0) return;
    const gap = this.#log.slice(at).find(({ holders }) => !holders.has(node));
    const ack = gap === undefined ? this.#clock : gap.timestamp - 1;
    if (ack <= (this.#acked.get(node) ?? 0)) return;
    this.#acked.set(node, ack);
    this.story.ack(ack, node);
  }

  #release({ node, at, members }: Walker): void {
    const entry = this.#log[at - 1];
    if (entry?.delivery && members.every((member) => entry.holders.has(member))) {
      this.story.release(entry.timestamp, node);
    }
  }

  #rest(): void {
    this.story.say('world', { kind: 'phase', phase: 'healing' });
    const missing = [1, 2, 3, 4, 5].filter(
      (one) => ![...this.#walkers.keys()].some((node) => Number.parseInt(node, 10) === one),
    );
    this.story.say('world', { kind: 'stable', group, members: ['1', '2', '3', '4', '5'] });
    for (const processor of missing) this.#join(this.#start(processor));
    this.#receiveAll();
    this.#walkAll();
    for (let n = 0; n < 20; n += 1) this.#send();
    this.#receiveAll();
    this.#walkAll();
    this.story.say('world', { kind: 'phase', phase: 'quiet' });
    for (const { node } of this.#walkers.values()) {
      this.story.say(node, { kind: 'buffered', group, messages: 0, bytes: 0 });
    }
  }
}
