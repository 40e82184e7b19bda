/**
 * The suite `hostile`: several replicas of the groups service under the hostile ordering, which delays, cuts
 * batches anywhere, loses nodes and makes them start from snapshots. G1 of the service: apply is a function
 * of (state, entry), so all replicas return the same at each position and hold the same after it.
 */
import { HostileCluster } from '@choir/ordering/hostile';
import { Random, Trace, type TraceEvent } from '@choir/testkit';
import { crashOf } from '../crash.ts';
import type { Run, Suite } from '../outcome.ts';
import { Commands } from './commands.ts';
import { Replica, Truth } from './replica.ts';

export const hostile: Suite = {
  name: 'hostile',
  about: 'Replicas of the groups service under a hostile ordering: equal effects, equal snapshots.',
  run: runHostile,
  expected: [
    'attached',
    'attach_refused',
    'deliver',
    'settle',
    'resend',
    'session_ended',
    'joined',
    'join_refused',
    'left',
    'group_created',
    'group_deleted',
    'arm',
  ],
};

const turns = 1_500;
const entriesMin = 100;

function runHostile(seed: number, keep: 0 | 'all'): ReturnType<Run> {
  const random = new Random(seed);
  const trace = new Trace<TraceEvent>(keep);
  const truth = new Truth();
  const seen = new Set<string>();
  const crash = crashOf(() => play(random, { truth, seen, trace }));
  const violations = truth.differences.map((text) => ({ property: 'G1', text }));
  if (crash !== null) violations.unshift({ property: 'G1', text: crash });
  const entries = truth.positions;
  const counts = entries >= entriesMin;
  const outcome = { seed, hash: trace.hash, violations, counts, entries, operations: turns };
  return { outcome: { ...outcome, seen: [...seen] }, trace: trace.events() };
}

type Play = {
  readonly truth: Truth;
  readonly seen: Set<string>;
  readonly trace: Trace<TraceEvent>;
};

function play(random: Random, { truth, seen, trace }: Play): void {
  const names = ['a', 'b', 'c'].slice(0, random.pick([1, 3, 3]));
  const cluster = new HostileCluster({ nodes: names, luck: random.fork('luck') });
  const commands = new Commands(random.fork('commands'));
  const luck = random.fork('replicas');
  const replicas = new Map<string, Replica>();
  const returned: ConstructorParameters<typeof Replica>[0]['returned'] = (effect, at) => {
    seen.add(effect.kind);
    commands.learn(at.seq);
    commands.returned(effect);
  };
  /** The replica of a node's present life; a new life is a new replica. */
  const replicaOf = (name: string): Replica => {
    const life = cluster.node(name);
    const node = life === null || life.state === 'ended' ? cluster.start(name) : life;
    const known = replicas.get(name);
    if (known?.node === node) return known;
    const replica = new Replica({ node, truth, random: luck, returned });
    replicas.set(name, replica);
    return replica;
  };
  for (let turn = 0; turn < turns; turn += 1) {
    const name = luck.pick(names);
    if (luck.chance(0.01)) cluster.end(name);
    const replica = replicaOf(name);
    if (luck.chance(0.6)) replica.submit(commands.next());
    if (luck.chance(0.3)) replica.catchUp();
    cluster.step();
  }
  for (let round = 0; round < 3; round += 1) {
    cluster.settle();
    for (const name of names) replicaOf(name).catchUp();
  }
  for (const name of names) replicaOf(name).keep();
  for (const { at, kind } of cluster.log()) trace.record({ t: at.seq, node: 'log', kind });
  trace.record({ t: trace.count + turns, node: 'log', kind: 'end', positions: truth.positions });
}
