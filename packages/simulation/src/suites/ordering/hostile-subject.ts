/** A hostile cluster, put through the conformance cases. */
import { HostileCluster } from '@choir/ordering/hostile';
import type { Random } from '@choir/testkit';
import type { OrderingSubject, Step } from './subject.ts';

export class HostileSubject implements OrderingSubject {
  readonly nodes: readonly string[];
  readonly #cluster: HostileCluster;
  readonly #random: Random;
  #now = 0;

  constructor(random: Random) {
    this.#random = random.fork('subject');
    this.nodes = ['a', 'b', 'c', 'd', 'e'].slice(0, this.#random.pick([1, 3, 3, 5]));
    this.#cluster = new HostileCluster({ nodes: this.nodes, luck: random.fork('luck') });
  }

  life(node: string): ReturnType<OrderingSubject['life']> {
    const life = this.#cluster.node(node);
    return life === null ? null : { incarnation: life.incarnation, ordering: life };
  }

  committed(): number {
    return this.#cluster.log().at(-1)?.at.seq ?? 0;
  }

  now(): number {
    return this.#now;
  }

  perform(step: Step): void {
    this.#now += 1;
    switch (step.kind) {
      case 'work':
        for (let more = this.#random.int(1, 10); more > 0; more -= 1) this.#cluster.step();
        return;
      case 'settle':
        this.#cluster.settle();
        // Who has learnt of its exclusion comes back as another incarnation.
        for (const node of this.nodes) this.#start(node);
        this.#cluster.settle();
        return;
      case 'crash':
      case 'close':
        this.#cluster.end(step.node);
        return;
      case 'start':
        this.#start(step.node);
        return;
      default:
    }
  }

  #start(node: string): void {
    const life = this.#cluster.node(node);
    if (life === null || life.state === 'ended') this.#cluster.start(node);
  }
}
