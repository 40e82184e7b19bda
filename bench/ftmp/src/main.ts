/** npm run bench -- ftmp: total order between nodes, ours beside corosync, against the targets. */
import { fileURLToPath } from 'node:url';
import { runSuite } from '@choir/bench-namespaces/suite';
import { sharedWorks } from '@choir/bench-namespaces/works';

const introduction = `Measures total order between three nodes, each in a network namespace of its own, joined by a bridge:
FTMP, as a program hands messages over to a processor and hears them by a listener.`;

export function main(args: readonly string[]): Promise<number> {
  const program = fileURLToPath(new URL('./node.ts', import.meta.url));
  const ours = { program, encrypted: false };
  return runSuite({ name: 'ftmp', introduction, works: sharedWorks, ours }, args);
}
