/** The workload: at random times a random user does something. */
import type { Alarm, Random } from '@choir/testkit';
import type { Surroundings } from '../world/surroundings.ts';
import type { OperationName } from './operation-names.ts';
import { operations } from './operations.ts';
import type { Plan } from './plan.ts';
import type { User } from './user.ts';

/** A user that finds nothing to do tries something else, so many times. */
const triesMax = 4;
const burstMax = 40;

export class Workload {
  readonly #surroundings: Surroundings;
  readonly #plan: Plan;
  readonly #users: readonly User[];
  readonly #random: Random;
  #alarm: Alarm | null = null;

  constructor(surroundings: Surroundings, plan: Plan, users: readonly User[]) {
    this.#surroundings = surroundings;
    this.#plan = plan;
    this.#users = users;
    this.#random = surroundings.random.fork('workload');
  }

  /** Commands that were taken. */
  get operations(): number {
    return this.#users.reduce((sum, user) => sum + user.operations, 0);
  }

  start(): void {
    const wait = this.#random.exponential(this.#plan.operationEveryMs);
    this.#alarm = this.#surroundings.scheduler.after(wait, () => {
      this.#act();
      this.start();
    });
  }

  stop(): void {
    this.#surroundings.scheduler.cancel(this.#alarm);
  }

  #act(): void {
    const working = this.#users.filter((user) => user.working !== null);
    if (working.length === 0) return;
    const user = this.#random.pick(working);
    for (let tries = 0; tries < triesMax; tries += 1) {
      const name: OperationName = this.#random.weighted(this.#plan.operations);
      if (name === 'burst' ? this.#burst(user) : this.#do(user, name)) return;
    }
  }

  #burst(user: User): boolean {
    const count = this.#random.chance(0.3) ? this.#random.int(2, burstMax) : 2;
    const name = this.#random.pick(['bcast', 'bcast-exclusive', 'write', 'write-locked'] as const);
    let done = false;
    for (let turn = 0; turn < count; turn += 1) done = this.#do(user, name) || done;
    return done;
  }

  #do(user: User, name: Exclude<OperationName, 'burst'>): boolean {
    const process = user.working;
    if (process === null) return false;
    const { random } = user;
    const command = operations[name]({ user, process, plan: this.#plan, random });
    if (command === null) return false;
    const taken = process.command(command).kind === 'accepted';
    if (taken) user.operations += 1;
    return taken;
  }
}
