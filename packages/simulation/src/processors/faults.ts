/** Faults of processors, for the fault plan. */
import type { Fault } from '@choir/testkit';
import { processorFaultNames } from './fault-names.ts';
import type { Incarnation } from './incarnation.ts';
import { faultsOf, goWithin, type Hit, kill, strikes } from './strikes.ts';
import type { World } from './world.ts';

export function processorFaults(world: World): Fault[] {
  return faultsOf(world, world.plan.processorWeights, {
    names: processorFaultNames,
    strikes: {
      ...strikes,
      kill: (hit: Hit<Incarnation, World>) =>
        kill(hit, (die) => {
          if (hit.random.chance(0.2) && world.isDisorderly) goWithin(hit, die);
          else die();
        }),
    },
  });
}
