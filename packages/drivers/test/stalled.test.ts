/** Whose main thread stands still is alive, and told as stalled at the others: its own thread says so, in its heartbeats. */
import { expect, test } from 'vitest';
import { type Member, startGroup } from './members.ts';

const timeout = 60_000;
/** Long enough for main threads that are only kept waiting by a busy machine. */
const stalledMs = 1_500;

/** Three, the last of which is blocked; and who that is. */
async function blocked(options: Parameters<typeof startGroup>[1]): Promise<{
  readonly others: readonly Member[];
  readonly member: Member;
  readonly id: string;
}> {
  const [one, two, member] = await startGroup(3, { stalledMs, ...options });
  if (one === undefined || two === undefined || member === undefined) throw new Error('too few');
  const { id } = await member.until('opened');
  member.tell({ kind: 'block-until-released' });
  return { others: [one, two], member, id };
}

test('who is blocked is told as stalled, and as stalled no more when it goes on; it keeps its place', {
  timeout,
}, async () => {
  const { others, member, id } = await blocked({});
  for (const other of others) await other.until('stalled', ({ who, is }) => who === id && is);
  expect(member.all('blocked')).toEqual([]);
  member.release();
  for (const other of others) await other.until('stalled', ({ who, is }) => who === id && !is);
  others[0]?.tell({ kind: 'send', count: 10, bytes: 64 });
  for (const one of [...others, member]) {
    await one.ask('count', ({ delivered }) => delivered === 10);
    expect(one.all('view').at(-1)?.members).toHaveLength(3);
    expect(one.all('excluded')).toEqual([]);
  }
});

test('where the policy is to exclude, who stays blocked is excluded, and hears of it when it goes on', {
  timeout,
}, async () => {
  const { others, member, id } = await blocked({
    settings: { slowMs: stalledMs, slowPolicy: 'exclude' },
  });
  for (const other of others) {
    await other.until('stalled', ({ who, is }) => who === id && is);
    const isWithout = ({ members }: { members: readonly string[] }): boolean =>
      members.length === 2 && !members.includes(id);
    await other.until('view', isWithout, other.all('view').findIndex(isOfThree));
    expect(other.all('excluded')).toEqual([]);
  }
  expect(member.all('excluded')).toEqual([]);
  member.release();
  expect(await member.until('excluded')).toEqual({ kind: 'excluded', rejoins: null });
});

function isOfThree({ members }: { readonly members: readonly string[] }): boolean {
  return members.length === 3;
}
