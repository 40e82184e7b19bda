/** B3: who leads, as the members of a view and their quorum come and go. */
import { processorId } from '@choir/ftmp';
import { expect, test } from 'vitest';
import type { GroupView, Member } from '../../src/index.ts';
import { Election, ReplicatedMap } from '../../src/index.ts';
import { driven, processor } from '../scripted-host.ts';

const [ann, bob, eve] = ['ann', 'bob', 'eve'].map(
  (label, at): Member => ({ id: processorId(at + 1, 1), label }),
) as [Member, Member, Member];

function view(number: number, members: readonly Member[], holders = members): GroupView {
  return {
    number,
    members,
    holders,
    observers: [],
    joined: [],
    returned: [],
    left: [],
    excluded: [],
  };
}

test('B3 whoever lacks the state does not begin to lead', () => {
  const election = new Election();
  election.view(view(4, [ann, bob, eve], [ann, eve]));
  election.view(view(5, [bob, eve], [eve]));
  expect(election.leadership).toEqual({ leader: eve, term: 5 });
  election.view(view(6, [bob, eve]));
  expect(election.leadership).toEqual({ leader: eve, term: 5 });
});

test('B3 a joiner knows the leader and its term from the state', () => {
  const [election, joining] = [new Election(), new Election()];
  election.view(view(4, [ann, bob, eve], [ann, eve]));
  election.view(view(5, [bob, eve], [eve]));
  joining.restore([...election.snapshot()]);
  joining.view(view(6, [bob, eve, ann], [bob, eve]));
  expect(joining.leadership).toEqual({ leader: eve, term: 5 });
});

test('B3 where nobody has said yet that it holds the state, the first member leads', () => {
  const election = new Election();
  election.view(view(5, [bob, eve], []));
  expect(election.leadership).toEqual({ leader: bob, term: 5 });
});

test('B3 who is cut off from the majority knows of no leader, and is told so', async () => {
  const terms: (number | null)[] = [];
  const election = new Election((leadership) => terms.push(leadership?.term ?? null));
  const { host } = driven({ replicas: { election } });
  await host.view('first', host.id);
  expect(election.leadership?.term).toBe(1);
  await host.tell({ kind: 'primary', group: host.group, primary: false });
  expect(election.leadership).toBe(null);
  await host.tell({ kind: 'primary', group: host.group, primary: true });
  expect(election.leadership?.term).toBe(1);
  expect(terms).toEqual([1, null, 1]);
});

test('B3 who is excluded, and who has left, knows of no leader', async () => {
  const terms: (number | null)[] = [];
  const election = new Election((leadership) => terms.push(leadership?.term ?? null));
  const { host, driver } = driven({ replicas: { election } });
  await host.view('first', processor(1));
  await host.exclude();
  expect(election.leadership).toBe(null);
  await driver.leave({ timeoutMs: 1_000, signal: undefined });
  expect(terms).toEqual([1, null]);
});

test('B3 whoever does not bear to lose the lead is out of the group, and its other replicas know that', async () => {
  const election = new Election((leadership) => {
    if (leadership === null) throw new Error('Never.');
  });
  const { host, driver } = driven({ replicas: { election, scores: new ReplicatedMap() } });
  await host.view('first', host.id);
  await host.tell({ kind: 'primary', group: host.group, primary: false });
  expect(driver.isOver).toBe(true);
  expect(host.hasLeft).toBe(true);
  await expect(driver.say(() => {})).rejects.toMatchObject({ code: 'group-over' });
});
