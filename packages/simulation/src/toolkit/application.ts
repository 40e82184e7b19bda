/** The application of one member: what it does when its time comes, and when it is told something. */
import { utf8Of } from '@choir/bytes';
import { type ProcessorId, processorText } from '@choir/ftmp';
import type { Addressees, Grant, MapOperation } from '@choir/process-group/core';
import type { Random } from '@choir/testkit';
import { Calls } from './calls.ts';
import type { EffectOf, Listener } from './executor.ts';
import type { Member } from './member.ts';
import type { OperationName } from './operation-names.ts';
import type { Plan } from './plan.ts';
import { Voice } from './voice.ts';

type Request = EffectOf<'request'>;

/** How long a lock is held, on average. */
const heldMs = 400;
/** How long a handler thinks, at most. */
const thoughtMs = 1_500;
/** Of the longest message. */
const longBytes = 60_000;

/** What is no message of the toolkit: of no kind, cut off, or longer than it is. */
const noises: readonly ((random: Random) => Uint8Array)[] = [
  (random) => Uint8Array.of(99, ...random.bytes(20)),
  () => Uint8Array.of(1),
  (random) => Uint8Array.of(7, ...random.bytes(3)),
];

export class Application implements Listener {
  readonly #member: Member;
  readonly #voice: Voice;
  readonly #calls: Calls;
  readonly #plan: Plan;
  readonly #random: Random;
  /** Operations on the map, and claims. */
  #numbers = 0;
  /** The number of each claim, held or not, by its lock. */
  readonly #claims = new Map<string, number>();
  /** What is to be done when a request is over. */
  readonly #replied = new Map<number, () => void>();

  constructor(member: Member, plan: Plan, random: Random) {
    this.#member = member;
    this.#voice = new Voice(member);
    this.#calls = new Calls(member, this.#voice, { plan, random: random.fork('calls') });
    this.#plan = plan;
    this.#random = random;
    member.listener = this;
  }

  /** Does something, if it can. */
  work(): void {
    if (!this.#member.isAble || !this.#member.isOpen) return;
    const random = this.#random;
    switch (this.#able(random.weighted(this.#plan.operationWeights))) {
      case 'multicast':
        this.multicast(this.#length());
        return;
      case 'direct':
        this.#voice.send(this.#some(), random.bytes(this.#length()));
        return;
      case 'request':
        this.#ask(() => {});
        return;
      case 'map':
        this.#map();
        return;
      case 'lock':
        this.#lock();
        return;
      case 'noise':
        this.#member.noise(random.pick(noises)(random));
        return;
      case 'call':
        this.#calls.work();
        return;
    }
  }

  multicast(length: number): void {
    if (!this.#member.isAble) return;
    const isSafe = this.#random.chance(this.#plan.safeShare);
    this.#voice.multicast(new Uint8Array(length).fill(length), isSafe);
  }

  told(sender: ProcessorId): void {
    const { id, isOpen } = this.#member;
    if (sender === id || !isOpen || !this.#random.chance(this.#plan.echoShare)) return;
    this.multicast(this.#random.int(4, 40));
  }

  /** Answers at once, later, or never; sometimes twice; sometimes when it has asked the group itself. */
  requested(request: Request): void {
    const random = this.#random;
    const text = `${processorText(this.#member.id)} to ${processorText(request.asker)} ${request.number}`;
    const how = random.chance(0.1) ? 'failed' : 'answered';
    const answer = (): void => this.#voice.answer(request, how, text);
    const dice = random.unit();
    if (dice < 0.5) answer();
    else if (dice < 0.8) this.#member.later(random.between(0, thoughtMs), answer);
    else if (dice < 0.9) {
      answer();
      answer();
    } else if (dice < 0.97 && this.#member.isOpen) this.#ask(answer);
  }

  replied(number: number): void {
    this.#replied.get(number)?.();
    this.#replied.delete(number);
  }

  granted({ lock, claim }: Grant): void {
    const release = (): void => {
      if (this.#claims.get(lock) === claim.number) this.#release(lock, claim.number);
    };
    this.#member.later(this.#random.exponential(heldMs), release);
  }

  /** Who keeps no state has no replicas to work on. */
  #able(operation: OperationName): OperationName {
    const isOnReplica = operation === 'map' || operation === 'lock' || operation === 'call';
    return isOnReplica && this.#member.observes ? 'multicast' : operation;
  }

  #ask(replied: () => void): void {
    const random = this.#random;
    const to: Addressees = random.pick(['all', 'others', this.#some()]);
    const need = random.pick(['first', 'majority', 'all'] as const);
    const givesUp = random.chance(0.7);
    const afterMs = random.between(50, 4_000);
    const body = random.bytes(this.#length());
    this.#voice.ask({ to, need, body }, (number) => {
      this.#replied.set(number, replied);
      if (!givesUp) return;
      this.#member.later(afterMs, () => {
        if (this.#replied.has(number)) this.#voice.giveUp(number);
      });
    });
  }

  #map(): void {
    const key = `k${this.#random.int(1, this.#plan.keys)}`;
    this.#numbers += 1;
    const number = this.#numbers;
    this.#voice.map(this.#operation(number, key));
  }

  #operation(number: number, key: string): MapOperation {
    const value = utf8Of(`${processorText(this.#member.id)} ${number}`) ?? new Uint8Array();
    const kind = this.#random.pick(['set', 'delete', 'set-if', 'set-if', 'read', 'read'] as const);
    if (kind === 'set') return { kind, number, key, value };
    if (kind !== 'set-if') return { kind, number, key };
    // As of this member's copy, which may be behind.
    const version = this.#member.replicas.map.entries.get(key)?.version ?? 0;
    return { kind, number, key, version, value };
  }

  #lock(): void {
    const lock = `l${this.#random.int(1, this.#plan.locks)}`;
    const claim = this.#claims.get(lock);
    if (claim === undefined) {
      this.#numbers += 1;
      this.#claims.set(lock, this.#numbers);
      this.#voice.lock({ kind: 'acquire', number: this.#numbers, lock });
    } else if (this.#random.chance(0.2)) {
      this.#release(lock, claim);
    }
  }

  #release(lock: string, number: number): void {
    this.#claims.delete(lock);
    this.#voice.lock({ kind: 'release', number, lock });
  }

  /** Some of the members, itself perhaps, and sometimes one that is gone. */
  #some(): readonly ProcessorId[] {
    const ids = this.#member.members.map(({ id }) => id);
    return this.#random.shuffle([...ids]).slice(0, this.#random.int(1, ids.length));
  }

  #length(): number {
    const random = this.#random;
    return random.chance(this.#plan.longShare) ? random.int(1_000, longBytes) : random.int(0, 200);
  }
}
