/** npm run bench -- process-group: the toolkit between nodes, beside corosync, against the targets. */
import { fileURLToPath } from 'node:url';
import { runSuite } from '@choir/bench-namespaces/suite';
import { sharedWorks } from '@choir/bench-namespaces/works';
import { transfer } from './transfer/work.ts';

const introduction = `Measures process groups of three nodes, each in a network namespace of its own, joined by a bridge:
the toolkit, as a program multicasts and reads the events of its group; what FTMP alone does, \`npm run bench -- ftmp\` shows.
A view counts when the toolkit tells it: at who comes back, when it has the state. A state transfer has no counterpart.`;

export function main(args: readonly string[]): Promise<number> {
  const program = fileURLToPath(new URL('./node.ts', import.meta.url));
  const works = [...sharedWorks, transfer];
  const ours = { program, encrypted: true };
  return runSuite({ name: 'process-group', introduction, works, ours }, args);
}
