// The fields of forged messages: what is true of the group that is attacked, what is nearly true, and numbers at their extremes.
import {
  type GroupId,
  groupId,
  noView,
  type ProcessorId,
  processorId,
  type ViewId,
} from '@choir/ftmp';
import type { Random } from '@choir/testkit';
import type { Overheard } from './overheard.ts';

const wordMax = 2 ** 32 - 1;
/** Around 2^31, the largest round; around 2^52, the largest counter (W7); and the largest number that a field can say. */
const extremes = [
  ...[0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, wordMax, 2 ** 32],
  ...[2 ** 52 - 1, 2 ** 52, 2 ** 52 + 1, 2 ** 53 - 100, 2 ** 53 - 1],
];
const words = extremes.filter((value) => value <= wordMax);
const nearMost = 64;
const longShare = 0.03;

export class Draw {
  readonly heard: Overheard;
  readonly random: Random;
  readonly #addresses: readonly Uint8Array[];

  /** @param addresses where datagrams may be sent because of what is said */
  constructor(heard: Overheard, random: Random, addresses: readonly Uint8Array[]) {
    this.heard = heard;
    this.random = random;
    this.#addresses = addresses;
  }

  flag(): boolean {
    return this.random.chance(0.5);
  }

  octet(): number {
    return this.random.pick([0, 0, 1, 255, this.random.int(0, 255)]);
  }

  word(): number {
    return this.random.chance(0.5) ? this.random.pick(words) : this.random.uint32();
  }

  /** A counter as bodies carry it: near this one, or at an extreme. */
  counter(near = 0): number {
    const { random } = this;
    if (random.chance(0.4)) return random.pick(extremes);
    if (random.chance(0.1)) return random.uint32();
    return Math.max(0, near + random.pick([0, 0, 1, -1, random.int(-nearMost, nearMost)]));
  }

  /** The clock of the group, as far as it was heard. */
  timestamp(): number {
    const source = this.heard.source(this.random);
    return this.counter(source === undefined ? 0 : this.heard.countersOf(source).timestamp);
  }

  /** Mostly one of those who are in the group. */
  processor(): ProcessorId {
    const member = this.random.chance(0.7) ? this.heard.source(this.random) : undefined;
    return member ?? this.stranger();
  }

  /** Somebody whom nobody knows. */
  stranger(): ProcessorId {
    return processorId(this.random.int(4, 900), this.random.uint32());
  }

  processors(): readonly ProcessorId[] {
    if (this.random.chance(0.4)) return this.heard.sources;
    return this.list(255, () => this.processor());
  }

  group(): GroupId {
    return groupId(this.random.chance(0.7) ? 7 : this.word());
  }

  view(): ViewId {
    const known = this.heard.anyView(this.random);
    const form = this.random.int(0, 5);
    if (form === 0) return noView;
    if (form < 4 && known !== null) return known;
    const timestamp = this.counter(known?.timestamp ?? 0);
    return { timestamp, processor: this.processor() };
  }

  lineage(): ViewId {
    return this.random.chance(0.5) ? (this.heard.lineage ?? noView) : this.view();
  }

  configuration(): ViewId {
    return this.random.chance(0.7) ? (this.heard.configuration ?? noView) : this.view();
  }

  /** Up to the limit of 64 bytes (W9), seldom beyond; either no address or one of those that may be used. */
  address(): Uint8Array {
    const { random } = this;
    const form = random.int(0, 9);
    if (form === 0) return new Uint8Array(0);
    if (form === 1) return random.bytes(64);
    if (form === 2) return random.bytes(65);
    return random.pick(this.#addresses);
  }

  bytes(most: number): Uint8Array {
    return this.random.bytes(this.random.int(0, this.random.pick([1, 40, most])));
  }

  /** Short, mostly; at the limit and beyond it sometimes. A processor may come twice. */
  list<What>(most: number, one: (at: number) => What): readonly What[] {
    const { random } = this;
    const isLong = random.chance(longShare);
    const length = isLong ? random.pick([most - 1, most, most + 1]) : random.int(0, 4);
    return Array.from({ length }, (_, at) => one(at));
  }

  /** With nothing twice, mostly: what comes twice is refused at once. */
  once<What>(all: readonly What[], name: (what: What) => unknown): readonly What[] {
    if (this.random.chance(0.1)) return all;
    return [...new Map(all.map((one) => [name(one), one])).values()];
  }
}
