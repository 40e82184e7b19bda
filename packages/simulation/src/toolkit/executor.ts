/** Does what the core of a member wants done, at once: keeps its replicas, tells its application, and writes it down. */
import { type GroupId, type ProcessorId, processorText } from '@choir/ftmp';
import type {
  CoreEffect,
  Grant,
  GroupCore,
  GroupView,
  Member as MemberName,
} from '@choir/process-group/core';
import type { Recorder } from './recorder.ts';
import type { ReplicaSet } from './replica-set.ts';
import type { Form, Place } from './vocabulary.ts';
import { Witness } from './witness.ts';

export type EffectOf<Kind extends CoreEffect['kind']> = Extract<CoreEffect, { kind: Kind }>;

/** What a member tells its application, which may say something at once. */
export type Listener = {
  readonly told: (sender: ProcessorId) => void;
  readonly requested: (request: EffectOf<'request'>) => void;
  readonly replied: (number: number) => void;
  readonly granted: (grant: Grant) => void;
};

/** The member of which it is. */
type Owner = {
  readonly id: ProcessorId;
  readonly group: GroupId;
  readonly observes: boolean;
  readonly recorder: Recorder;
  readonly replicas: ReplicaSet;
  readonly place: Place & { readonly group: number };
};

export type ExecutorOptions = {
  readonly core: GroupCore;
  /** The member is a provider, and took a snapshot. */
  readonly provides: () => void;
  /** It can be in the group no longer. */
  readonly over: (why: 'refused' | 'state-lost') => void;
};

export class Executor {
  readonly #owner: Owner;
  readonly #options: ExecutorOptions;
  readonly #witness: Witness;
  #members: readonly MemberName[] = [];
  /** It goes through what it kept since the marker, which its core has gone through. */
  #isCatchingUp = false;
  listener: Listener | null = null;

  constructor(owner: Owner, options: ExecutorOptions) {
    const { recorder, replicas } = owner;
    this.#owner = owner;
    this.#options = options;
    this.#witness = new Witness(owner);
    replicas.journal.threw = () => recorder.saw('snapshot threw');
    replicas.listener = {
      mapped: (sender, operation, outcome) => {
        if (sender === owner.id) this.#witness.mapped(operation, outcome);
      },
      granted: (grants) => this.#granted(grants),
    };
  }

  /** Of the present view; none while the member lacks the state. */
  get members(): readonly MemberName[] {
    return this.#members;
  }

  /** The core was given something more by FTMP: what it kept is over. */
  heard(): void {
    this.#isCatchingUp = false;
  }

  perform(effect: CoreEffect): void {
    const { group, recorder, replicas } = this.#owner;
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
        this.listener?.requested(effect);
        return;
      case 'replies':
        this.#replied(effect);
        return;
      case 'snapshot': {
        const { transfer } = effect;
        this.#options.core.provide(transfer, replicas.replicas.snapshot());
        recorder.record('snapshot', { ...this.#owner.place, state: replicas.digest, transfer });
        this.#options.provides();
        return;
      }
      case 'restore':
        this.#restore(effect);
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
        this.#unreadable(effect);
        return;
      default:
        effect satisfies never;
    }
  }

  #viewed(view: GroupView): void {
    const { observes, recorder, replicas } = this.#owner;
    const isFirst = this.#members.length === 0;
    this.#members = view.members;
    if (observes) replicas.journal.view(view);
    else replicas.replicas.view(view);
    this.#witness.viewed(view);
    if (!observes) this.#witness.leads();
    if (isFirst && view.number > 1) {
      recorder.saw(observes ? 'joined without the state' : 'joined with the state');
    }
    if (view.returned.length > 0) recorder.saw('returned');
  }

  #unreadable({ sender }: EffectOf<'unreadable'>): void {
    const { recorder, place } = this.#owner;
    recorder.record('unreadable', { ...place, sender: processorText(sender) });
  }

  #message({ sender, channel, bytes, direct }: EffectOf<'message'>): void {
    const { observes, replicas } = this.#owner;
    if (!direct) {
      replicas.journal.note(channel, sender, bytes);
      const from = this.#members.find(({ id }) => id === sender);
      // R6: the core gives no message of anybody else; if it does, the record below tells.
      if (from !== undefined && !observes) replicas.replicas.apply(channel, from, bytes);
    }
    this.#told(direct ? 'direct' : 'multicast', sender, { channel, bytes });
    this.listener?.told(sender);
  }

  #told(
    form: Form,
    sender: ProcessorId,
    { channel, bytes }: { readonly channel: string; readonly bytes: Uint8Array },
  ): void {
    const holders = this.#isCatchingUp ? null : this.#options.core.holders.map(processorText);
    this.#witness.told({ form, sender, channel, bytes }, holders);
  }

  #replied({ number, replies }: EffectOf<'replies'>): void {
    this.#witness.replied(number, replies);
    this.listener?.replied(number);
  }

  #restore({ pieces }: EffectOf<'restore'>): void {
    const { observes, recorder, replicas } = this.#owner;
    const { core } = this.#options;
    const taken = observes ? pieces.length === 0 : this.#isRestored(pieces);
    recorder.record('restored', { ...this.#owner.place, state: replicas.digest, taken });
    if (!observes) recorder.saw(taken ? 'restored' : 'not restored');
    if (pieces.length > 1) recorder.saw('several pieces');
    this.#isCatchingUp = true;
    core.restored(taken);
  }

  #isRestored(pieces: readonly Uint8Array[]): boolean {
    try {
      this.#owner.replicas.replicas.restore(pieces);
      return true;
    } catch (error) {
      this.#owner.recorder.saw(`restore: ${(error as Error).message}`);
      return false;
    }
  }

  #granted(grants: readonly Grant[]): void {
    for (const grant of grants) {
      this.#witness.granted(grant);
      if (grant.claim.owner === this.#owner.id) this.listener?.granted(grant);
    }
  }
}
