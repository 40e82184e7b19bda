/** Who asks to be added, and was told of what is not there, does not ask for ever. */
import { describe, expect, test } from 'vitest';
import { defaultSettings, processorId, type ViewId } from '../../src/index.ts';
import { Cluster, group } from './cluster.ts';
import { forged } from './forged.ts';

const { joinMs, joinPatienceMs } = defaultSettings;

/** Two members; the third asks, and has been told of this view by one who lies. */
function misled(mislead: (cluster: Cluster) => void): Cluster {
  const cluster = Cluster.formed(2, { beside: 1 });
  cluster.at(3).join(group, cluster.now);
  mislead(cluster);
  return cluster;
}

/** Tells the third of a view that nobody comes to. */
function tell(cluster: Cluster, lineage: ViewId, timestamp: number): void {
  const [from, to] = [cluster.at(2).id, cluster.at(3).id];
  const view = { timestamp, processor: from };
  const place = { lineage, configuration: view, view };
  const size = { primary: true, members: 2, address: new Uint8Array(0) };
  cluster.transmit({ from, to, bytes: forged(from, { type: 'announce', ...place, ...size }) });
}

/** That of the group that is there. */
function lineage(cluster: Cluster): ViewId {
  const [first] = cluster.of(1, 'view');
  if (first === undefined) throw new Error('no view');
  return first.view.id;
}

/** When the third started anew: so long after it was misled. */
function anewAfter(cluster: Cluster, meanwhile: (ms: number) => void = () => {}): number {
  const begin = cluster.now;
  while (cluster.of(3, 'excluded').length === 0 && cluster.now - begin < 60_000) {
    cluster.run(1);
    meanwhile(cluster.now - begin);
  }
  expect(cluster.of(3, 'view')).toEqual([]);
  return cluster.now - begin;
}

const elsewhere: ViewId = { timestamp: 1, processor: processorId(9, 9) };
const never = 2 ** 40;

describe('a joiner that was told', () => {
  test.each([
    { what: 'a view that nobody comes to', isOwn: true },
    { what: 'a group that is not there', isOwn: false },
  ])('of $what starts anew when it has heard nothing more of that for its patience', (one) => {
    const cluster = misled((it) => tell(it, one.isOwn ? lineage(it) : elsewhere, never));
    const after = anewAfter(cluster);
    expect(after).toBeGreaterThanOrEqual(joinPatienceMs);
    expect(after).toBeLessThan(joinPatienceMs + 2 * joinMs);
  });

  test.each([
    { what: 'a view that nobody comes to', isOwn: true, step: 0 },
    { what: 'ever later views that nobody comes to', isOwn: true, step: 1 },
    { what: 'a group that is not there', isOwn: false, step: 0 },
  ])('again and again of $what starts anew after four patiences', ({ isOwn, step }) => {
    const cluster = misled((it) => tell(it, isOwn ? lineage(it) : elsewhere, never));
    const after = anewAfter(cluster, (ms) => {
      if (ms % 1_000 === 0) tell(cluster, isOwn ? lineage(cluster) : elsewhere, never + step * ms);
    });
    expect(after).toBeGreaterThanOrEqual(4 * joinPatienceMs);
    expect(after).toBeLessThan(4 * joinPatienceMs + 2 * joinMs);
  });

  test('of a group that is not there, and turns back, leaves and is not excluded', () => {
    const cluster = misled((it) => tell(it, elsewhere, never));
    cluster.run(joinPatienceMs - 2 * joinMs);
    cluster.at(3).leave(group, cluster.now);
    // Those who are there contradict it once more.
    const [one, three] = [cluster.at(1).id, cluster.at(3).id];
    cluster.run(3 * joinMs);
    const { timestamp } = lineage(cluster);
    tell(cluster, { timestamp, processor: one }, never);
    cluster.run(2 * joinMs);
    expect(cluster.of(3, 'excluded')).toEqual([]);
    expect(cluster.of(3, 'left')).toHaveLength(1);
    expect(cluster.of(1, 'view').at(-1)?.view.members).not.toContain(three);
  });
});
