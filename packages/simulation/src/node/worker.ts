// A process that runs seeds as it is told: { suite, seeds, twice } in, an answer for each seed out.

import { suites } from '../index.ts';
import type { Answer, Task } from './jobs.ts';

// The parent has gone, or has enough. Ctrl-C reaches the parent too, which then says so.
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => {});

process.on('message', (task: Task) => {
  const suite = suites.get(task.suite);
  if (suite === undefined) throw new Error(`There is no suite "${task.suite}".`);
  for (const seed of task.seeds) {
    const { outcome } = suite.run(seed, 0);
    const again = task.twice ? suite.run(seed, 0).outcome.hash : outcome.hash;
    tell({ outcome, again });
  }
  tell('done');
});

function tell(answer: Answer | 'done'): void {
  process.send?.(answer, undefined, undefined, (error: Error | null) => {
    if (error !== null) process.exit();
  });
}
