/** B1: what whoever sets an entry is told when the map is full, here one that is full soon. */
import { expect, test, vi } from 'vitest';
import { ReplicatedMap } from '../../src/index.ts';
import { driven, performed, processor } from '../scripted-host.ts';

vi.mock(import('../../src/core/blocks/map-state.ts'), async (importOriginal) => {
  const original = await importOriginal();
  class SmallMapState extends original.MapState {
    constructor() {
      super(1_000);
    }
  }
  return { ...original, MapState: SmallMapState };
});

test('B1 whoever sets what a full map has no room for is told so, and may delete', async () => {
  const scores = new ReplicatedMap<number | string>();
  const { host, driver } = driven({ replicas: { scores } });
  await host.view('first', processor(1));
  const done = async <Outcome>(operation: Promise<Outcome>): Promise<Outcome> => {
    operation.catch(() => {});
    await performed();
    await host.echo();
    return await operation;
  };
  const full = { code: 'group-option', message: expect.stringContaining('full') };
  await done(scores.set('long', 'x'.repeat(900)));
  await expect(done(scores.set('ann', 7))).rejects.toMatchObject(full);
  await expect(done(scores.compareAndSet('ann', 0, 7))).rejects.toMatchObject(full);
  expect(scores.keys()).toEqual(['long']);
  expect(await done(scores.delete('long'))).toBe(true);
  expect(await done(scores.set('ann', 7))).toEqual({ value: 7, version: 2 });
  expect(driver.isOver).toBe(false);
});
