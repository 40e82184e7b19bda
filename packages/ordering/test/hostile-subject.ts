/** A hostile cluster, for the conformance suite. */
import type { Random } from '@choir/testkit';
import type { Step, Subject } from '../src/conformance/index.ts';
import { defaultTemper, HostileCluster, type Temper } from '../src/hostile/index.ts';
import type { Ordering } from '../src/index.ts';

export class HostileSubject implements Subject {
  readonly nodes: readonly string[];
  readonly cluster: HostileCluster;
  readonly #random: Random;
  #now = 0;

  constructor(random: Random, temper: Temper = defaultTemper) {
    this.#random = random.fork('subject');
    this.nodes = ['a', 'b', 'c', 'd', 'e'].slice(0, this.#random.pick([1, 3, 3, 5]));
    this.cluster = new HostileCluster({ nodes: this.nodes, luck: random.fork('luck'), temper });
  }

  life(node: string): { incarnation: string; ordering: Ordering } | null {
    const life = this.cluster.node(node);
    return life === null ? null : { incarnation: life.incarnation, ordering: life };
  }

  committed(): number {
    return this.cluster.log().at(-1)?.at.seq ?? 0;
  }

  now(): number {
    return this.#now;
  }

  perform(step: Step): void {
    this.#now += 1;
    switch (step.kind) {
      case 'work':
        for (let more = this.#random.int(1, 10); more > 0; more -= 1) this.cluster.step();
        return;
      case 'settle':
        this.cluster.settle();
        // A node that has learnt of its exclusion comes back as another incarnation.
        for (const node of this.nodes) this.#startUnlessUp(node);
        this.cluster.settle();
        return;
      case 'crash':
      case 'close':
        this.cluster.end(step.node);
        return;
      case 'start':
        this.#startUnlessUp(step.node);
        return;
      case 'set clock':
        return;
    }
  }

  #startUnlessUp(name: string): void {
    const life = this.cluster.node(name);
    if (life === null || life.state === 'ended') this.cluster.start(name);
  }
}
