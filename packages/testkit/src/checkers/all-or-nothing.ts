/** K2: a lock request is granted whole: all the objects that it named, in one lock set, or none. */
import { Checker } from './checker.ts';
import type { Logged } from './history/server-log.ts';
import { isSame } from './is-same.ts';
import type { Moment } from './replay.ts';

type Granted = Extract<Logged, { event: 'lock_granted' }>;

export class AllOrNothing extends Checker {
  readonly property = 'K2';
  readonly promise = 'A lock request is granted whole or not at all, under the id of its position.';
  readonly #requests = new Map<string, ReadonlySet<string>>();

  override before({ step, decided }: Moment): void {
    if (decided?.body === 'lock_request') {
      const { client, group, localId } = decided;
      this.#requests.set(`${client}, ${group} ${localId}`, new Set(decided.objects));
    }
    for (const { events } of step.units) {
      for (const event of events) if (event.event === 'lock_granted') this.#judge(event);
    }
  }

  #judge(event: Granted): void {
    const { sender, group, localId, objects, lockSet, seq } = event;
    const requested = this.#requests.get(`${sender}, ${group} ${localId}`);
    if (requested === undefined) {
      this.violated(`${sender} was granted what it did not request`, event);
    } else if (!isSame(requested, new Set(objects))) {
      this.violated(`requested were ${[...requested]}, granted ${objects}`, event);
    }
    if (lockSet !== seq) this.violated(`the lock set of position ${seq} is ${lockSet}`, event);
  }
}
