/**
 * Whoever stays away for a month is forgotten (DESIGN, "Marks"): its id is retired, and when it comes back it is
 * told so. Only the server runs meanwhile, so a month passes in no time.
 */
import type { TraceRecord, Violation } from '@choir/testkit/checkers';
import { group, Scene } from './scene.ts';

const dayMs = 24 * 3_600_000;

export function longAbsence(days: number): {
  readonly records: readonly TraceRecord[];
  readonly violations: readonly Violation[];
  readonly isForgotten: boolean;
} {
  const scene = new Scene('long-absence');
  const ann = scene.client('ann');
  scene.do(ann, { kind: 'join', groups: [{ group: group('room'), name: 'ann' }] });
  ann.close();
  scene.wait(days * dayMs);
  const again = scene.returns(ann);
  scene.wait(1_000);
  const isForgotten = again.ended;
  return { violations: scene.end(), records: scene.records, isForgotten };
}
