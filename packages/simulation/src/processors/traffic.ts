/**
 * A logical connection in the group of the world: every processor supports both of its ends, several replicas send each request
 * and each reply, and now and then it moves. What was sent without knowing of a move is sent again.
 */
import type { ConnectionId, EffectOf } from '@choir/ftmp';
import type { Random } from '@choir/testkit';
import type { Incarnation } from './incarnation.ts';
import type { World } from './world.ts';

const connection: ConnectionId = {
  client: { domain: 1, group: 70 },
  server: { domain: 1, group: 90 },
};
const requestEveryMs = 250;
const moveEveryMs = 4_000;
const askEveryMs = 500;

export class Traffic {
  readonly #world: World;
  readonly #random: Random;
  #isOver = false;
  #number = 0;
  #address = 1;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  start(): void {
    this.#repeat(askEveryMs, () => {
      const { group, living } = this.#world.operator;
      for (const one of living) one.connect(group, connection, new Uint8Array([1]));
    });
    this.#repeat(requestEveryMs, () => this.#request());
    this.#repeat(moveEveryMs, () => this.#move());
  }

  stop(): void {
    this.#isOver = true;
  }

  /** An own message that was sent without knowing of a move is sent again. */
  suppressed(
    one: Incarnation,
    { why, sender, safe, request, bytes }: EffectOf<'suppressed'>,
  ): void {
    if (why !== 'moved' || sender !== one.id || this.#isOver) return;
    one.send(this.#world.operator.group, bytes.length, safe, request);
  }

  /** Some replicas send the same request, or the same reply. */
  #request(): void {
    const { group, living } = this.#world.operator;
    this.#number += 1;
    const reply = this.#random.chance(0.4) ? ({ reply: true } as const) : {};
    const request = { connection, number: this.#number, ...reply };
    const replicas = this.#random.shuffle([...living]).slice(0, this.#random.int(1, 3));
    for (const one of replicas) one.send(group, this.#random.int(4, 100), false, request);
  }

  #move(): void {
    const { group, living } = this.#world.operator;
    if (living.length === 0) return;
    this.#address = (this.#address % 200) + 1;
    this.#random.pick(living).move(group, connection, new Uint8Array([this.#address]));
    // One that crosses with the move.
    this.#request();
  }

  #repeat(everyMs: number, act: () => void): void {
    this.#world.ground.scheduler.after(this.#random.exponential(everyMs), () => {
      if (this.#isOver) return;
      act();
      this.#repeat(everyMs, act);
    });
  }
}
