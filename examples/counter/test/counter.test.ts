import type { Member } from '@choir/process-group';
import { expect, test } from 'vitest';
import { Counter } from '../src/counter.ts';
import { runtimeDirectory, Terminal } from './terminal.ts';

const patience = { timeout: 90_000 };

type Trio = Readonly<Record<'ann' | 'bob' | 'cat', Terminal>> & { readonly directory: string };

/** Three terminals, in which ann has counted to 2. */
async function trio(): Promise<Trio> {
  const directory = runtimeDirectory();
  const ann = new Terminal(directory, '--id', 'ann');
  await ann.shows('0 ann joined; here: ann');
  const bob = new Terminal(directory, '--id', 'bob');
  await bob.shows('0 bob joined; here: ann, bob');
  const cat = new Terminal(directory, '--id', 'cat');
  await cat.shows('0 cat joined; here: ann, bob, cat');
  for (const line of ['', '-', '+', '+']) ann.type(line);
  for (const one of [ann, bob, cat]) {
    await one.shows('1 +1 by ann');
    await one.shows('0 -1 by ann');
    await one.shows('2 +1 by ann');
  }
  return { directory, ann, bob, cat };
}

test(
  'who is killed and started again under its id is told the count, and is back',
  patience,
  async () => {
    const { directory, ann, bob, cat } = await trio();
    bob.signal('SIGKILL');
    for (const one of [ann, cat]) await one.shows('2 bob is gone; here: ann, cat');
    cat.type('+');
    await ann.shows('3 +1 by cat');
    const again = new Terminal(directory, '--id', 'bob');
    for (const one of [ann, cat, again]) await one.shows('3 bob is back; here: ann, cat, bob');
    again.type('+');
    for (const one of [ann, cat, again]) await one.shows('4 +1 by bob');
  },
);

test(
  'who was stopped until the others went on comes back by itself, with their count',
  patience,
  async () => {
    const { ann, bob, cat } = await trio();
    cat.signal('SIGSTOP');
    for (const one of [ann, bob]) await one.shows('2 cat is gone; here: ann, bob');
    bob.type('-');
    for (const one of [ann, bob]) await one.shows('1 -1 by bob');
    cat.signal('SIGCONT');
    await cat.shows('the others went on without this process');
    for (const one of [ann, bob, cat]) await one.shows('1 cat is back; here: ann, bob, cat');
    cat.type('+');
    for (const one of [ann, bob, cat]) await one.shows('2 +1 by cat');
  },
);

test('who leaves has left, and what it had typed is counted before', patience, async () => {
  const { ann, bob, cat } = await trio();
  ann.type('+');
  ann.end();
  expect(await ann.ended).toBe(0);
  for (const one of [bob, cat]) {
    await one.shows('3 +1 by ann');
    await one.shows('3 ann left; here: bob, cat');
  }
  bob.signal('SIGINT');
  expect(await bob.ended).toBe(0);
  await cat.shows('3 bob left; here: cat');
});

test('what is no step is passed over, and what is no count is refused', () => {
  const shown: string[] = [];
  const counter = new Counter((count, what) => shown.push(`${count} ${what}`));
  const ann = { label: 'ann' } as Member;
  for (const text of ['1', 'seven', '', '10', '-1', '1']) counter.apply(ann, Buffer.from(text));
  expect(shown).toEqual(['1 +1 by ann', '0 -1 by ann', '1 +1 by ann']);
  expect(() => counter.restore([Buffer.from('many')])).toThrow('This is no count.');
  const other = new Counter(() => {});
  other.restore(counter.snapshot());
  expect(other.snapshot()).toEqual(counter.snapshot());
});
