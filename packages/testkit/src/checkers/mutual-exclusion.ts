/** K1: at every position the lock sets of a group are pairwise disjoint. */
import { Checker } from './checker.ts';
import type { Moment } from './replay.ts';

export class MutualExclusion extends Checker {
  readonly property = 'K1';
  readonly promise = 'No object is in two lock sets.';

  override after({ step, groups }: Moment): void {
    for (const { created, events } of step.units) {
      const locks = groups.get(created)?.locks;
      for (const event of events) {
        if (event.event !== 'lock_granted') continue;
        for (const object of event.objects) {
          const sets = locks?.setsWith(object) ?? [];
          if (sets.length < 2) continue;
          const holders = sets.map(({ holder, lockSet }) => `${holder} (${lockSet})`);
          this.violated(`${object} is held by ${holders.join(' and ')}`, event);
        }
      }
    }
  }
}
