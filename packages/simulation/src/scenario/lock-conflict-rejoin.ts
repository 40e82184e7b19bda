/**
 * The scenario of paper §7.2: Ann locks a page and writes, is cut off and writes on; her grace ends; Bob takes
 * the lock, writes and gives it back; Ann returns to a conflict.
 */
import type { TraceRecord, Violation } from '@choir/testkit/checkers';
import type { ClientProcess } from '../world/client-process.ts';
import { group, object, Scene, text } from './scene.ts';

const room = group('room');
const page = object('page');
const margin = object('margin');

export function lockConflictRejoin(): {
  readonly records: readonly TraceRecord[];
  readonly violations: readonly Violation[];
} {
  const scene = new Scene('lock-conflict-rejoin');
  const ann = scene.client('ann');
  const bob = scene.client('bob');
  for (const client of [ann, bob]) {
    scene.do(client, { kind: 'join', groups: [{ group: room, name: client.node }] });
  }
  scene.do(ann, { kind: 'lock', group: room, objects: [page], wait: false, graceMs: 2_000 });
  write(scene, ann, page, 'once');
  scene.cut(ann);
  write(scene, ann, page, 'upon');
  write(scene, ann, margin, 'nice');
  scene.do(ann, {
    kind: 'send',
    parts: [{ kind: 'bcast', group: room, exclusive: false, data: text('look at the page') }],
  });
  scene.wait(6_000);
  scene.do(bob, { kind: 'lock', group: room, objects: [page], wait: true, graceMs: 0 });
  write(scene, bob, page, 'there');
  release(scene, bob);
  scene.mend(ann);
  scene.wait(5_000);
  write(scene, ann, margin, 'as I said');
  return { violations: scene.end(), records: scene.records };
}

function write(
  scene: Scene,
  client: ClientProcess,
  what: ReturnType<typeof object>,
  words: string,
): void {
  const part = { kind: 'obj_state', group: room, object: what, update: 'INC' } as const;
  scene.do(client, { kind: 'send', parts: [{ ...part, data: text(words) }] });
}

function release(scene: Scene, client: ClientProcess): void {
  const lock = client.session.group(room)?.locks.all.find(({ lockSet }) => lockSet !== null);
  if (lock === undefined || lock.lockSet === null) throw new Error(`${client.node} holds nothing.`);
  scene.do(client, { kind: 'release', group: room, lockSet: lock.lockSet, objects: [] });
}
