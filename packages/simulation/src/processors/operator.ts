/**
 * Who looks after the processes of a world: starts them, and starts them again. A group that cannot go on for ever is given up, and the next
 * one made: its number is one higher.
 */
import {
  type GroupId,
  groupId,
  type ProcessorId,
  type ProtocolEvent,
  type View,
} from '@choir/ftmp';
import type { Random } from '@choir/testkit';
import type { Ground } from './ground.ts';
import type { Moment } from './moment.ts';
import { Prospects } from './prospects.ts';

/** A process, as its operator sees it. */
export type Operated = {
  readonly id: ProcessorId;
  readonly isRunning: boolean;
  /** Whether it was given a view of the group, and is not out. */
  isIn(group: GroupId): boolean;
  stop(): void;
};

export type Start<One> = {
  /** Whether it makes the group. */
  readonly init?: boolean;
  /** Whose process goes on as this incarnation. */
  readonly before?: One;
};

export type OperatorOptions<One> = {
  readonly ground: Ground;
  readonly random: Random;
  /** What occurred, for the shares that are reported. */
  readonly seen: Set<string>;
  /** Starts an incarnation, which joins the present group. */
  readonly start: (number: number, start: Start<One>) => One;
  /** Whether the present group is lost, though those who live are a quorum. */
  readonly isLost?: () => boolean;
  readonly givesUp?: (group: GroupId) => void;
};

/** From one look to the next. */
const lookMs = 2_000;

export class Operator<One extends Operated> {
  readonly #options: OperatorOptions<One>;
  /** The newest incarnation of each process, by its number; those beside them that claim somebody's number or label are not here. */
  readonly #processes = new Map<number, One>();
  /** Of the present group. */
  readonly #prospects = new Prospects();
  readonly #added: Moment;
  #group: GroupId = groupId(1);
  #groupsLost = 0;

  constructor(options: OperatorOptions<One>) {
    this.#options = options;
    this.#added = options.ground.moment();
  }

  /** The present one. */
  get group(): GroupId {
    return this.#group;
  }

  /** Groups that were given up. */
  get groupsLost(): number {
    return this.#groupsLost;
  }

  get processes(): readonly (readonly [number: number, one: One])[] {
    return [...this.#processes];
  }

  get living(): readonly One[] {
    return [...this.#processes.values()].filter(({ isRunning }) => isRunning);
  }

  get(number: number): One | undefined {
    return this.#processes.get(number);
  }

  /** Starts so many processes; one of them makes the group. */
  begin(processes: number): void {
    for (let number = 1; number <= processes; number += 1) this.start(number);
    this.#init();
  }

  /** Looks after the group from now on, as long as there is work. */
  operate(): void {
    const { ground } = this.#options;
    ground.scheduler.after(lookMs, () => {
      if (!ground.isWorking) return;
      if (this.isLost()) this.#nextGroup();
      this.operate();
    });
  }

  start(number: number, start: Start<One> = {}): void {
    this.#processes.set(number, this.#options.start(number, start));
  }

  /** Unless it runs then. */
  startLater(number: number, afterMs: number): void {
    this.#options.ground.scheduler.after(afterMs, () => {
      if (this.#processes.get(number)?.isRunning !== true) this.start(number);
    });
  }

  /** Does this in the instant in which the next processor is added to the present group, if that is while there are faults. */
  atNextAdded(act: () => void): void {
    this.#added.atNext(() => this.#options.ground.scheduler.after(0, act));
  }

  /** What a processor does. */
  saw(self: ProcessorId, event: ProtocolEvent): void {
    if (event.group !== this.#group) return;
    this.#prospects.saw(self, event);
    if (event.kind === 'added') this.#added.happens();
  }

  /** Somebody was given a view of the present group. */
  installed(view: View): void {
    this.#prospects.installed(view);
  }

  /** Whether the present group cannot go on for ever. */
  isLost(): boolean {
    const { seen, isLost } = this.#options;
    if (isLost?.() === true) return true;
    const { living } = this;
    const members = living.filter((one) => one.isIn(this.#group)).map(({ id }) => id);
    const ids = new Set(living.map(({ id }) => id));
    if (this.#prospects.isLostInDoubt(ids, members)) seen.add('group lost in doubt');
    return this.#prospects.isLost(ids, members);
  }

  #nextGroup(): void {
    this.#groupsLost += 1;
    this.#options.givesUp?.(this.#group);
    this.#group = groupId(this.#group + 1);
    for (const [number, one] of this.processes) {
      one.stop();
      this.start(number);
    }
    this.#init();
  }

  /** One of those that run makes the group, as a new incarnation. */
  #init(): void {
    const random = this.#options.random.fork(`init ${this.#group}`);
    const [number, first] = random.pick(this.processes.filter(([, { isRunning }]) => isRunning));
    first.stop();
    this.#prospects.begin();
    this.start(number, { init: true });
  }
}
