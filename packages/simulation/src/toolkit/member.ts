/**
 * One member of a group: the toolkit's core on a simulated processor, driven as the toolkit's own driver does it. Effects are performed in
 * order and at once; what the core says goes out while the processor has room.
 */
import { type Effect, type GroupId, type ProcessorId, processorText, type View } from '@choir/ftmp';
import {
  type CoreEffect,
  type Grant,
  GroupCore,
  type GroupView,
  type Member as MemberName,
  Outflow,
  type Say,
} from '@choir/process-group/core';
import type { Alarm, Scheduler } from '@choir/testkit';
import type { Host } from '../processors/host.ts';
import type { Recorder } from './recorder.ts';
import type { ReplicaSet } from './replica-set.ts';
import type { Form, Place } from './vocabulary.ts';
import { WayOut } from './way-out.ts';
import { Witness } from './witness.ts';

export type EffectOf<Kind extends CoreEffect['kind']> = Extract<CoreEffect, { kind: Kind }>;
export type Ending = 'excluded' | 'left' | 'refused' | 'state-lost';

/** What a member tells its application, which may say something at once. */
export type Application = {
  readonly told: (sender: ProcessorId) => void;
  readonly requested: (request: EffectOf<'request'>) => void;
  readonly replied: (number: number) => void;
  readonly granted: (grant: Grant) => void;
};

export type MemberOptions = {
  readonly host: Host;
  readonly group: GroupId;
  readonly label: string;
  /** Whether it keeps no state. */
  readonly observes: boolean;
  readonly replicas: ReplicaSet;
  readonly recorder: Recorder;
  readonly scheduler: Scheduler;
  /** FTMP gave it a view. */
  readonly installed: (view: View) => void;
  /** Its processor has taken a marker, and nobody has heard it yet. */
  readonly marked: () => void;
  /** It is a provider, and took a snapshot. */
  readonly provides: () => void;
  /** It is in the group no more, and why. */
  readonly over: (why: Ending) => void;
};

const groupName = 'orchestra';
/** How much an application lets wait for room. */
const waitingMax = 30;

export class Member {
  readonly #options: MemberOptions;
  readonly #core: GroupCore;
  readonly #witness: Witness;
  readonly #wayOut: WayOut;
  readonly #outflow: Outflow;
  #members: readonly MemberName[] = [];
  /** It goes through what it kept since the marker, which its core has gone through. */
  #isCatchingUp = false;
  #isLeaving = false;
  #isInstalled = false;
  #alarm: Alarm | null = null;
  readonly #whenResumed: (() => void)[] = [];
  application: Application | null = null;

  constructor(options: MemberOptions) {
    const { host, group, label, observes, replicas, recorder, marked } = options;
    this.#options = options;
    this.#wayOut = new WayOut({ host, recorder, marked });
    this.#outflow = new Outflow(this.#wayOut, group, () => {});
    this.#witness = new Witness(this);
    this.#core = new GroupCore({ self: host.id, name: groupName, label, observes });
    host.onEffect = (effect) => {
      if (effect.group === group) this.#hear(effect);
    };
    replicas.journal.threw = () => recorder.saw('snapshot threw');
    replicas.listener = {
      mapped: (sender, operation, outcome) => {
        if (sender === this.id) this.#witness.mapped(operation, outcome);
      },
      granted: (grants) => this.#granted(grants),
    };
  }

  get id(): ProcessorId {
    return this.#options.host.id;
  }

  get label(): string {
    return this.#options.label;
  }

  /** Where it is reached. */
  get name(): string {
    return this.#options.host.name;
  }

  get observes(): boolean {
    return this.#options.observes;
  }

  get replicas(): ReplicaSet {
    return this.#options.replicas;
  }

  get group(): GroupId {
    return this.#options.group;
  }

  get recorder(): Recorder {
    return this.#options.recorder;
  }

  /** Of its present view; none while it lacks the state. */
  get members(): readonly MemberName[] {
    return this.#members;
  }

  /** Those who hold the state, as far as it knows. */
  get holders(): readonly ProcessorId[] {
    return this.#core.holders;
  }

  /** Whether FTMP has given it a view of the group, and it is not out. */
  isIn(group: GroupId): boolean {
    return this.group === group && this.#isInstalled;
  }

  get isRunning(): boolean {
    return !this.#options.host.isEnded;
  }

  get isPaused(): boolean {
    return this.#options.host.isPaused;
  }

  /** Whether its application can do anything. */
  get isAble(): boolean {
    return this.isRunning && !this.isPaused && this.#core.members.length > 0;
  }

  /** Whether its application may have something said, or should wait itself. */
  get isOpen(): boolean {
    return this.#outflow.waiting < waitingMax;
  }

  get place(): Place & { readonly group: number } {
    return { group: this.group, ...this.replicas.journal.place };
  }

  join(init: boolean): void {
    this.#options.host.join(this.group, init);
  }

  leave(): void {
    if (!this.isRunning || this.isPaused || this.#isLeaving) return;
    this.#isLeaving = true;
    this.recorder.record('leaving', { group: this.group });
    this.#options.host.leave(this.group);
  }

  /** kill -9 */
  kill(): void {
    this.#end('crashed');
  }

  stop(): void {
    this.#end('stopped');
  }

  setPaused(isPaused: boolean): void {
    if (!this.isRunning || this.isPaused === isPaused) return;
    this.recorder.record(isPaused ? 'paused' : 'resumed', {});
    this.#options.host.setPaused(isPaused);
    if (isPaused) return;
    for (const act of this.#whenResumed.splice(0)) this.#awake(act);
  }

  /** Whether its application takes what it is given. */
  setTaking(isTaking: boolean): void {
    this.#options.host.setTaking(isTaking);
  }

  /** Whether anything goes out. */
  setFlowing(isFlowing: boolean): void {
    this.#wayOut.setOpen(isFlowing);
    if (isFlowing) this.#awake(() => this.advance());
  }

  /** Does this in so many milliseconds, or when it goes on after that, if it lives then. */
  later(ms: number, act: () => void): void {
    this.#options.scheduler.after(ms, () => this.#awake(act));
  }

  /** Hands over what is no message, past the core, if there is room. */
  noise(bytes: Uint8Array): void {
    if (this.#outflow.isOpen) this.#wayOut.trySend(this.group, bytes, { safe: false });
  }

  /** Has something said as soon as there is room. */
  say(say: Say): void {
    if (this.#outflow.isOpen && this.#core.members.length > 0) this.act(say);
    else this.#outflow.queue({ say, said: () => {}, failed: () => {} });
  }

  /** Does something with the core now. */
  act(act: Say): void {
    act(this.#core);
    this.advance();
  }

  /** Does what the core wants done, and lets out what it says. */
  advance(): void {
    const core = this.#core;
    for (let effects = core.drain(); effects.length > 0; effects = core.drain()) {
      for (const effect of effects) if (this.isRunning) this.#perform(core, effect);
    }
    if (!this.isRunning) return;
    this.#outflow.flush(core);
    const { scheduler } = this.#options;
    scheduler.cancel(this.#alarm);
    if (core.due === Infinity) return;
    this.#alarm = scheduler.at(core.due, () => {
      this.#awake(() => {
        core.turn(scheduler.now);
        this.advance();
      });
    });
  }

  /** What it holds, for the end of the run. */
  recordCopy(): void {
    const holds = this.#members.length > 0;
    this.recorder.record('copy', { ...this.place, state: this.replicas.digest, holds });
  }

  #end(how: 'crashed' | 'stopped'): void {
    if (!this.isRunning) return;
    this.recorder.record(how, {});
    this.#options.scheduler.cancel(this.#alarm);
    this.#options.host.end();
  }

  #awake(act: () => void): void {
    if (!this.isRunning) return;
    if (this.isPaused) this.#whenResumed.push(act);
    else act();
  }

  #hear(effect: Effect): void {
    const { scheduler, installed, over } = this.#options;
    this.#isCatchingUp = false;
    switch (effect.kind) {
      case 'view':
        this.#installed(effect.view);
        installed(effect.view);
        this.#core.view(effect.view, scheduler.now);
        break;
      case 'deliver':
        if (effect.sender === this.id) this.#wayOut.cameBack();
        this.#core.message(effect.sender, effect.bytes, scheduler.now);
        break;
      case 'excluded':
      case 'left':
        this.#isInstalled = false;
        this.recorder.record(effect.kind, { group: this.group });
        over(effect.kind);
        return;
      case 'writable':
        break;
      default:
        return;
    }
    this.advance();
  }

  #installed({ id, cause, members }: View): void {
    this.#isInstalled = true;
    const ground = `${id.timestamp}/${processorText(id.processor)}`;
    const fields = { group: this.group, ground, cause, members: members.map(processorText) };
    this.recorder.record('installed', fields);
  }

  #perform(core: GroupCore, effect: CoreEffect): void {
    const { group, recorder, replicas } = this;
    recorder.saw(effect.kind);
    switch (effect.kind) {
      case 'view':
        this.#viewed(effect.view);
        return;
      case 'message':
        this.#message(effect);
        return;
      case 'request':
        this.#told('request', effect.asker, effect);
        this.application?.requested(effect);
        return;
      case 'replies':
        this.#replied(effect);
        return;
      case 'snapshot': {
        const { transfer } = effect;
        core.provide(transfer, replicas.replicas.snapshot());
        recorder.record('snapshot', { ...this.place, state: replicas.digest, transfer });
        this.#options.provides();
        return;
      }
      case 'restore':
        this.#restore(core, effect);
        return;
      case 'refused':
        recorder.record('refused', { group, reason: effect.reason });
        recorder.saw(`refused ${effect.reason}`);
        if (effect.reason !== 'label-taken') this.#options.over('refused');
        return;
      case 'state-lost':
        recorder.record('state-lost', { group });
        this.#options.over('state-lost');
        return;
      case 'unreadable':
        recorder.record('unreadable', { ...this.place, sender: processorText(effect.sender) });
        return;
      default:
        effect satisfies never;
    }
  }

  #viewed(view: GroupView): void {
    const isFirst = this.#members.length === 0;
    this.#members = view.members;
    if (this.observes) this.replicas.journal.view(view);
    else this.replicas.replicas.view(view);
    this.#witness.viewed(view);
    if (!this.observes) this.#witness.leads();
    if (isFirst && view.number > 1) {
      this.recorder.saw(this.observes ? 'joined without the state' : 'joined with the state');
    }
    if (view.returned.length > 0) this.recorder.saw('returned');
  }

  #message({ sender, channel, bytes, direct }: EffectOf<'message'>): void {
    if (!direct) {
      this.replicas.journal.note(channel, sender, bytes);
      const from = this.#members.find(({ id }) => id === sender);
      // R6: the core gives no message of anybody else; if it does, the record below tells.
      if (from !== undefined && !this.observes) {
        this.replicas.replicas.apply(channel, from, bytes);
      }
    }
    this.#told(direct ? 'direct' : 'multicast', sender, { channel, bytes });
    this.application?.told(sender);
  }

  #told(
    form: Form,
    sender: ProcessorId,
    { channel, bytes }: { readonly channel: string; readonly bytes: Uint8Array },
  ): void {
    const holders = this.#isCatchingUp ? null : this.#core.holders.map(processorText);
    this.#witness.told({ form, sender, channel, bytes }, holders);
  }

  #replied({ number, replies }: EffectOf<'replies'>): void {
    this.#witness.replied(number, replies);
    this.application?.replied(number);
  }

  #restore(core: GroupCore, { pieces }: EffectOf<'restore'>): void {
    const taken = this.observes ? pieces.length === 0 : this.#isRestored(pieces);
    this.recorder.record('restored', { ...this.place, state: this.replicas.digest, taken });
    if (!this.observes) this.recorder.saw(taken ? 'restored' : 'not restored');
    if (pieces.length > 1) this.recorder.saw('several pieces');
    this.#isCatchingUp = true;
    core.restored(taken, this.#options.scheduler.now);
  }

  #isRestored(pieces: readonly Uint8Array[]): boolean {
    try {
      this.replicas.replicas.restore(pieces);
      return true;
    } catch (error) {
      this.recorder.saw(`restore: ${(error as Error).message}`);
      return false;
    }
  }

  #granted(grants: readonly Grant[]): void {
    for (const grant of grants) {
      this.#witness.granted(grant);
      if (grant.claim.owner === this.id) this.application?.granted(grant);
    }
  }
}
