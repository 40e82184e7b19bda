/** People who talk and write together. */
import { expect, test } from 'vitest';
import { type Stage, seen } from './stage.ts';

export function talking(stage: Stage): void {
  test('what one says, both see, as text', async () => {
    const { ann, bob } = await stage.annAndBob('talk');
    await ann.say('hello');
    await expect.poll(() => bob.said(), seen).toEqual(['Ann: hello']);
    await bob.say('<img src=x onerror=alert(1)>');
    const both = ['Ann: hello', 'Bob: <img src=x onerror=alert(1)>'];
    await expect.poll(() => ann.said(), seen).toEqual(both);
    await expect.poll(() => bob.said(), seen).toEqual(both);
  });

  test('both write one text at the same time', async () => {
    const { ann, bob } = await stage.annAndBob('text');
    await ann.write(' and ', 'Home');
    await expect.poll(() => bob.written(), seen).toBe(' and ');
    await Promise.all([ann.write('all that Ann wrote', 'Home'), bob.write('all by Bob 😀', 'End')]);
    const merged = 'all that Ann wrote and all by Bob 😀';
    await expect.poll(() => ann.written(), seen).toBe(merged);
    await expect.poll(() => bob.written(), seen).toBe(merged);
  });

  test('who comes later gets the text, and a new name is seen by all', async () => {
    const { ann, bob } = await stage.annAndBob('later');
    await ann.write('first', 'End');
    await bob.close();
    await expect.poll(() => ann.happened(), seen).toContain('Bob was disconnected');
    const cid = await stage.person('Cid', 'elsewhere');
    await cid.enter('later');
    await expect.poll(() => cid.written(), seen).toBe('first');
    await cid.rename('Eve');
    await expect.poll(() => ann.members(), seen).toEqual(['Ann (you)', 'Bob (away)', 'Eve']);
  });

  test('a change that is not taken disappears, and is told', async () => {
    const { ann, bob } = await stage.annAndBob('locked');
    await ann.write('kept', 'End');
    await expect.poll(() => bob.written(), seen).toBe('kept');
    const lock = await (await stage.program('other').join('locked')).lock('text.yjs');
    await bob.write(' not kept', 'End');
    await expect.poll(() => bob.notice(), seen).toMatch(/not taken/);
    await expect.poll(() => bob.written(), seen).toBe('kept');
    await lock.release();
    await bob.write(', and more', 'End');
    await expect.poll(() => ann.written(), seen).toBe('kept, and more');
  });

  test('the server is killed and started again: what was pending is there once', async () => {
    const { ann, bob } = await stage.annAndBob('killed');
    await ann.write('before', 'End');
    await expect.poll(() => bob.written(), seen).toBe('before');
    await stage.server.kill();
    await expect.poll(() => ann.connection(), seen).toBe('offline, 0 pending');
    await expect.poll(() => bob.connection(), seen).toBe('offline, 0 pending');
    await ann.say('while it was away');
    await expect.poll(() => ann.connection(), seen).toBe('offline, 1 pending');
    await ann.write('A', 'Home');
    await bob.write('B', 'End');
    await expect.poll(() => ann.connection(), seen).toBe('offline, 2 pending');
    await stage.server.start();
    for (const window of [ann, bob]) {
      await expect.poll(() => window.connection(), seen).toBe('online, 0 pending');
      await expect.poll(() => window.said(), seen).toEqual(['Ann: while it was away']);
      await expect.poll(() => window.written(), seen).toBe('AbeforeB');
      expect(await window.notice()).toBe('');
    }
  });
}
