import type { Defaults } from '@choir/bench-groups/arguments';
import type { Suite } from './suite.ts';

export const defaults: Defaults = { runs: 5, seconds: 3 };

export function synopsis({ name: suite, introduction, works, ours }: Suite): string {
  const width = Math.max(...works.map(({ name }) => name.length));
  return `npm run bench -- ${suite} [OPTION…]

${introduction}
Ours sends by IP multicast. Both have their default settings. The peer is corosync (CPG, transport knet, Debian's
defaults), which sends by unicast and does not encrypt. They take turns, run after run; ours is measured ${ours.encrypted ? 'encrypted, and then in the clear' : 'in the clear, and then encrypted'}.
Needs root, and what \`node tools/peers/corosync.ts\` installs. All traffic stays inside the namespaces, which are gone at the end.

  --work NAME       only this workload; may be repeated
  --runs N          runs of each, interleaved; figures are medians (default ${defaults.runs})
  --seconds N       for which senders send in each run (default ${defaults.seconds})
  --json            a line for each metric instead of tables

Throughput is that of the slowest node, all nodes counting, between its first and its last delivery, with
the highest p50 of the nodes beside it, and the processor time that the application's threads of all nodes
take for a message (ours alone). Latency runs from handing a message over to its delivery to an
application, after five seconds of the same to warm up: p50 is the median of the nodes, p99 that of the worst. A run in which a node delivered less
than all, or in another order, fails. A ratio above 1 means that ours is better. On a busy machine look at
the ratio. Progress goes to standard error.

Workloads:
${works.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

Exit codes: 0 everything was measured, whether or not it holds its target; 1 something failed; 2 wrong
command line.

  npm run bench -- ${suite} --work latency --runs 3
  npm run bench -- ${suite} --json >figures.jsonl`;
}
