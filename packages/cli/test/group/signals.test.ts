import { expect, test } from 'vitest';
import { choir, temporaryFolder } from '../running/choir.ts';

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'by %s a process leaves in order',
  async (signal) => {
    const environment = { CHOIR_RUNTIME: temporaryFolder() };
    const ann = choir(['group', 'join', 'lobby', '--id', 'ann'], environment);
    await ann.out.next((line) => line.startsWith('view 1'));
    const bob = choir(['group', 'join', 'lobby', '--id', 'bob'], environment);
    await bob.out.next((line) => line.startsWith('view 2'));
    bob.type('the last words\n');
    await ann.out.next((line) => line === 'bob: the last words');
    bob.kill(signal);
    expect(await ann.out.next((line) => line.startsWith('view 3'))).toContain('(bob left)');
    expect((await bob.ended()).code).toBe(0);
  },
);

test('a closed terminal is told more than once, and does not cut the leaving off', async () => {
  const environment = { CHOIR_RUNTIME: temporaryFolder() };
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann'], environment);
  await ann.out.next((line) => line.startsWith('view 1'));
  const bob = choir(['group', 'join', 'lobby', '--id', 'bob'], environment);
  await bob.out.next((line) => line.startsWith('view 2'));
  for (let time = 0; time < 3; time += 1) bob.kill('SIGHUP');
  expect(await ann.out.next((line) => line.startsWith('view 3'))).toContain('(bob left)');
});
