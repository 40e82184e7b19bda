import { expect, test } from 'vitest';
import { startGroup } from './members.ts';

const timeout = 60_000;

test('three processes deliver the messages of all in one order', { timeout }, async () => {
  const members = await startGroup(3);
  for (const member of members) member.tell({ kind: 'send', count: 1_000, bytes: 64 });
  const counts = await Promise.all(
    members.map((member) => member.ask('count', ({ delivered }) => delivered === 3_000)),
  );
  expect(new Set(counts.map(({ order }) => order)).size).toBe(1);
});

test('who is killed is not in the next view of the others', { timeout }, async () => {
  const [one, two, three] = await startGroup(3);
  const { id } = (await three?.until('opened')) ?? { id: '' };
  three?.kill('SIGKILL');
  for (const member of [one, two]) {
    const view = await member?.view(2, member.all('view').findIndex(isOfThree));
    expect(view?.members).not.toContain(id);
  }
});

test('who leaves is not in the next view, and nobody is excluded', { timeout }, async () => {
  const [one, two, three] = await startGroup(3);
  three?.tell({ kind: 'leave' });
  await three?.ended();
  for (const member of [one, two]) {
    await member?.view(2, member.all('view').findIndex(isOfThree));
    expect(member?.all('excluded')).toEqual([]);
  }
  expect(await three?.until('left')).toEqual({ kind: 'left' });
});

test('a main thread that is blocked for 200 ms keeps its place', { timeout }, async () => {
  const members = await startGroup(3);
  const [one, two, three] = members;
  one?.tell({ kind: 'send', count: 1_000, bytes: 64 });
  three?.tell({ kind: 'block', ms: 200 });
  await three?.until('blocked');
  for (const member of members) await member.ask('count', ({ delivered }) => delivered === 1_000);
  for (const member of [one, two]) {
    expect(member?.all('view').at(-1)?.members).toHaveLength(3);
    expect(member?.all('stalled')).toEqual([]);
  }
});

test('who was asleep for too long is excluded, and comes back as another', {
  timeout,
}, async () => {
  const [one, two, three] = await startGroup(3, { rejoin: true });
  three?.kill('SIGSTOP');
  for (const member of [one, two]) {
    await member?.view(2, member.all('view').findIndex(isOfThree));
  }
  const before = one?.all('view').length;
  three?.kill('SIGCONT');
  const excluded = await three?.until('excluded');
  const view = await one?.view(3, before);
  expect(view?.members).toContain(excluded?.rejoins);
  expect(excluded?.rejoins).not.toBe(three?.all('opened')[0]?.id);
});

test('who is excluded and does not want to come back is told so', { timeout }, async () => {
  const [one, , three] = await startGroup(3);
  three?.kill('SIGSTOP');
  await one?.view(2, one.all('view').findIndex(isOfThree));
  three?.kill('SIGCONT');
  expect(await three?.until('excluded')).toEqual({ kind: 'excluded', rejoins: null });
});

function isOfThree({ members }: { readonly members: readonly string[] }): boolean {
  return members.length === 3;
}
