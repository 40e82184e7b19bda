/**
 * One total order in memory, and the members that go through it, each at its own pace: what FTMP promises its users, and nothing of how it
 * keeps that. Members that crash take what they had not multicast with them; whoever goes on goes through the same views and messages.
 */
import { type ProcessorId, processorId, type View } from '@choir/ftmp';
import {
  type CoreEffect,
  type CoreOptions,
  GroupCore,
  type GroupView,
} from '../../src/core/index.ts';
import { pieceDigest } from '../../src/member/piece-digest.ts';

/** Short ones, so that a few lines are several pieces. */
const pieceSizes = { min: 64, max: 512, bits: 6 };

type Entry =
  | { readonly kind: 'view'; readonly view: Omit<View, 'cause'>; readonly cause: View['cause'] }
  | { readonly kind: 'message'; readonly sender: ProcessorId; readonly bytes: Uint8Array };

const groupName = 'orchestra';

export class Order {
  readonly entries: Entry[] = [];
  readonly members: OrderedMember[] = [];
  #numbers = 0;
  #time = 0;

  get now(): number {
    return this.#time;
  }

  /** A processor that starts: the founder, or one that FTMP adds. */
  start(
    label: string,
    options: { readonly name?: string; readonly observes?: boolean } = {},
  ): OrderedMember {
    this.#numbers += 1;
    const { name = groupName, observes = false } = options;
    const self = processorId(this.#numbers, 7);
    const member = new OrderedMember(this, { self, name, label, observes });
    const isFirst = this.entries.length === 0;
    this.members.push(member);
    this.#view(isFirst ? 'first' : 'added');
    member.at = this.entries.length - 1;
    return member;
  }

  /** The others go on without it. */
  remove(member: OrderedMember, how: 'left' | 'crashed' | 'excluded'): void {
    member.isOver = true;
    this.members.splice(this.members.indexOf(member), 1);
    if (this.members.length > 0) this.#view(how === 'left' ? 'removed' : 'fault');
  }

  multicast(sender: ProcessorId, bytes: Uint8Array): void {
    this.entries.push({ kind: 'message', sender, bytes });
  }

  pass(ms: number): void {
    this.#time += ms;
    for (const member of this.members) member.turn();
  }

  /** Until nobody has anything to say, and all have heard everything. */
  settle(): void {
    for (let isQuiet = false; !isQuiet; ) {
      isQuiet = true;
      for (const member of [...this.members]) {
        while (member.say()) isQuiet = false;
        while (member.hear()) isQuiet = false;
      }
    }
  }

  #view(cause: View['cause']): void {
    const [first] = this.members;
    if (first === undefined) throw new Error('A view has members.');
    const members = this.members.map(({ id }) => id);
    const id = { timestamp: this.entries.length + 1, processor: first.id };
    this.entries.push({ kind: 'view', view: { id, members, transitional: members }, cause });
  }
}

/** A member with an application whose state is all that it was told. */
export class OrderedMember {
  readonly id: ProcessorId;
  readonly label: string;
  readonly observes: boolean;
  readonly core: GroupCore;
  readonly #order: Order;
  /** The place in the order that it hears next. */
  at = 0;
  isOver = false;
  /** What every member was told since the group began. */
  state: string[] = [];
  /** What this one was told itself. */
  readonly told: CoreEffect[] = [];
  readonly views: GroupView[] = [];
  /** How its application fails. */
  faults: { snapshot?: 'throws'; restore?: 'throws'; close?: 'throws' } = {};
  /** Snapshots of it that were begun and not gone through. */
  openSnapshots = 0;
  /** Takes no turn: does not give the pieces of its snapshot. */
  isSilent = false;
  onView: (view: GroupView) => void = () => {};
  onRequest: (request: Extract<CoreEffect, { kind: 'request' }>) => void = () => {};

  constructor(order: Order, options: Omit<CoreOptions, 'digest'>) {
    this.#order = order;
    this.id = options.self;
    this.label = options.label;
    this.observes = options.observes;
    this.core = new GroupCore({ ...options, digest: pieceDigest, pieceSizes });
  }

  /** Whether it has a view. */
  get isIn(): boolean {
    return this.core.members.length > 0;
  }

  get hasState(): boolean {
    return this.isIn && !this.observes;
  }

  /** Multicasts the next thing that it has to say; false when there is none. */
  say(): boolean {
    const next = this.isSilent || this.isOver ? null : this.core.next();
    if (next === null) return false;
    this.#order.multicast(this.id, next.bytes);
    return true;
  }

  /** Hears the next entry of the order; false when it has heard all. */
  hear(): boolean {
    const entry = this.#order.entries[this.at];
    if (entry === undefined || this.isOver) return false;
    this.at += 1;
    if (entry.kind === 'message') {
      this.core.message(entry.sender, entry.bytes, this.#order.now);
    } else {
      const isOwn = entry.cause === 'added' && entry.view.members.at(-1) === this.id;
      this.core.view({ ...entry.view, cause: isOwn ? 'joined' : entry.cause }, this.#order.now);
    }
    this.perform();
    return true;
  }

  turn(): void {
    this.core.turn(this.#order.now);
    this.perform();
  }

  perform(): void {
    for (let effects = this.core.drain(); effects.length > 0; effects = this.core.drain()) {
      for (const effect of effects) this.#perform(effect);
    }
  }

  multicast(text: string): void {
    this.core.multicast('talk', Buffer.from(text), false);
  }

  #perform(effect: CoreEffect): void {
    this.told.push(effect);
    switch (effect.kind) {
      case 'view':
        this.views.push(effect.view);
        this.onView(effect.view);
        if (!effect.view.joined.some(({ id }) => id === this.id))
          this.state.push(viewText(effect.view));
        return;
      case 'message':
        if (!effect.direct) this.state.push(`${effect.sender}: ${Buffer.from(effect.bytes)}`);
        return;
      case 'snapshot':
        this.core.provide(effect.transfer, this.#snapshot());
        return;
      case 'restore':
        this.#restore(effect.pieces);
        return;
      case 'request':
        this.onRequest(effect);
        return;
      default:
    }
  }

  /** The state at the time of the call, in pieces that are made later. */
  #snapshot(): Iterable<Uint8Array> {
    const lines = [...this.state];
    const member = this;
    const fails = this.faults.snapshot === 'throws';
    return (function* () {
      member.openSnapshots += 1;
      try {
        for (const line of lines) yield Buffer.from(`${line}\n`);
        if (fails) throw new Error('The disk is on fire.');
      } finally {
        member.#closed();
      }
    })();
  }

  #closed(): void {
    this.openSnapshots -= 1;
    if (this.faults.close === 'throws') throw new Error('The file is gone.');
  }

  #restore(pieces: readonly Uint8Array[]): void {
    const isTaken = this.faults.restore !== 'throws';
    if (isTaken) this.state = Buffer.concat(pieces).toString().split('\n').slice(0, -1);
    this.core.restored(isTaken);
  }
}

/** What a view says, to whoever was in the one before. */
function viewText({ number, members, joined, returned, left, excluded }: GroupView): string {
  const lists = { members, joined, returned, left, excluded };
  const text = Object.entries(lists)
    .filter(([, list]) => list.length > 0)
    .map(([what, list]) => `${what} ${list.map(({ label }) => label).join()}`);
  return `view ${number}: ${text.join('; ')}`;
}
