/** Any interleaving, from a seed: members come, go, fail and talk; each hears the order at its own pace. */
import { Random } from '@choir/testkit';
import { expect, test } from 'vitest';
import { silentMs } from '../../src/core/index.ts';
import { Order, type OrderedMember } from './order.ts';

const seeds = 400;
const steps = 400;

for (const from of [0, 100, 200, 300]) {
  test(`R1 T1 T3 O3 all who hold the state have gone through the same, seeds ${from} to ${from + 99}`, () => {
    for (let seed = from; seed < from + seeds / 4; seed += 1) {
      try {
        run(new Random(`core ${seed}`));
      } catch (error) {
        throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
      }
    }
  });
}

function run(random: Random): void {
  const order = new Order();
  order.start('m0');
  let labels = 1;
  let words = 0;
  for (let step = 0; step < steps; step += 1) {
    const member = random.pick(order.members);
    const holders = order.members.filter(({ hasState }) => hasState);
    const others = order.members.filter((one) => holders.length > 1 || one !== holders[0]);
    const dice = random.int(0, 99);
    if (dice < 45) for (let i = random.int(1, 6); i > 0; i -= 1) member.hear();
    else if (dice < 80) member.say();
    else if (dice < 88 && member.isIn) {
      words += 1;
      member.multicast(`word ${words}`);
    } else if (dice < 91 && order.members.length < 7) {
      order.start(`m${random.int(0, labels++)}`, { observes: random.chance(0.2) });
    } else if (dice < 93 && holders.length > 0 && others.length > 0) {
      order.remove(random.pick(others), random.pick(['left', 'crashed', 'excluded']));
    } else if (dice < 95 && holders.length > 0) {
      random.pick(holders).faults = random.chance(0.5) ? { snapshot: 'throws' } : {};
    } else if (dice < 96) {
      member.isSilent = !member.isSilent;
    } else if (dice < 97) order.pass(silentMs / 2);
    else if (dice < 99 && member.hasState) {
      member.core.ask('all', 'talk', new Uint8Array(3), random.pick(['first', 'majority', 'all']));
    }
  }
  for (const member of order.members) {
    member.isSilent = false;
    member.faults = {};
  }
  order.settle();
  order.pass(silentMs);
  order.settle();
  check(order.members);
}

function check(members: readonly OrderedMember[]): void {
  const [first, ...others] = members.filter(({ isIn }) => isIn);
  const [holder, ...holders] = members.filter(({ hasState }) => hasState);
  expect(holder).toBeDefined();
  for (const { state } of holders) expect(state).toEqual(holder?.state);
  expect(new Set(first?.core.holders)).toEqual(
    new Set(members.filter(({ hasState }) => hasState).map(({ id }) => id)),
  );
  for (const other of others) {
    expect(other.core.members).toEqual(first?.core.members);
    expect(other.core.holders).toEqual(first?.core.holders);
  }
  // R2 without holes.
  for (const { views } of members) {
    for (const [at, view] of views.entries())
      expect(view.number).toBe((views[0]?.number ?? 0) + at);
  }
  // T3: whoever did not come in was told why.
  for (const { isIn, told } of members) {
    if (!isIn) expect(told.some(({ kind }) => kind === 'refused')).toBe(true);
  }
}
