/**
 * One member of a group: the toolkit's core on a simulated processor, driven as the toolkit's own driver does it. Effects are performed in
 * order and at once; what the core says goes out while the processor has room.
 */
import { type Effect, type GroupId, type ProcessorId, processorText, type View } from '@choir/ftmp';
import {
  GroupCore,
  type Member as MemberName,
  Outflow,
  type PieceSizes,
  type Say,
} from '@choir/process-group/core';
import type { Alarm, Scheduler } from '@choir/testkit';
import type { Host } from '../processors/host.ts';
import { Executor, type Listener } from './executor.ts';
import { pieceDigest } from './piece-digest.ts';
import type { Recorder } from './recorder.ts';
import type { ReplicaSet } from './replica-set.ts';
import { TransferWitness } from './transfer-witness.ts';
import type { Place } from './vocabulary.ts';
import { WayOut } from './way-out.ts';

export type Ending = 'excluded' | 'left' | 'refused' | 'state-lost';

export type MemberOptions = {
  readonly host: Host;
  readonly group: GroupId;
  readonly label: string;
  /** Whether it keeps no state. */
  readonly observes: boolean;
  /** Of the pieces in which it sends its state. */
  readonly pieceSizes: PieceSizes;
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
  readonly #executor: Executor;
  readonly #transfers: TransferWitness;
  readonly #wayOut: WayOut;
  readonly #outflow: Outflow;
  #isLeaving = false;
  #isInstalled = false;
  #alarm: Alarm | null = null;
  readonly #whenResumed: (() => void)[] = [];

  constructor(options: MemberOptions) {
    const { host, group, label, observes, recorder, marked, provides, over } = options;
    this.#options = options;
    this.#transfers = new TransferWitness(host.id, recorder);
    this.#wayOut = new WayOut({ host, recorder, transfers: this.#transfers, marked });
    this.#outflow = new Outflow(this.#wayOut, group, () => {});
    const { pieceSizes } = options;
    const identity = { self: host.id, name: groupName, label, observes };
    const core = new GroupCore({ ...identity, pieceSizes, digest: pieceDigest });
    this.#core = core;
    this.#executor = new Executor(this, { core, provides, over });
    host.onEffect = (effect) => {
      if (effect.group === group) this.#hear(effect);
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

  /** Who is told what its application is told. */
  set listener(listener: Listener) {
    this.#executor.listener = listener;
  }

  /** Of its present view; none while it lacks the state. */
  get members(): readonly MemberName[] {
    return this.#executor.members;
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
      for (const effect of effects) if (this.isRunning) this.#executor.perform(effect);
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
    const holds = this.members.length > 0;
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
    this.#executor.heard();
    switch (effect.kind) {
      case 'view':
        this.#installed(effect.view);
        installed(effect.view);
        this.#core.view(effect.view, scheduler.now);
        break;
      case 'deliver':
        if (effect.sender === this.id) this.#wayOut.cameBack();
        this.#transfers.came(effect.sender, effect.bytes);
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
}
