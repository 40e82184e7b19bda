/** `choir group join` on a terminal: its end is Ctrl-D, whatever is printed. */
import { expect, test } from 'vitest';
import { choir, temporaryFolder } from '../running/choir.ts';
import { endOfInput, hasScript, onTerminal } from '../running/on-terminal.ts';

test.for([
  { json: ['--json'], how: 'with --json' },
  { json: [], how: 'without' },
])('Ctrl-D leaves when what was typed has come back, $how', async ({ json }, context) => {
  if (!hasScript) return context.skip('script of util-linux is not there');
  const environment = { CHOIR_RUNTIME: temporaryFolder() };
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann', '--json'], environment);
  await ann.json({ type: 'view', id: 1 });
  const bob = choir(['group', 'join', 'lobby', '--id', 'bob', ...json], environment, onTerminal);
  await bob.out.next((line) => line.includes('view'));
  bob.type(`the last words\n${endOfInput}`);
  expect(await ann.json({ type: 'message' })).toMatchObject({ data: 'the last words' });
  expect(await ann.json({ type: 'view', id: 3 })).toMatchObject({ members: ['ann'] });
  const { code, stdout } = await bob.ended();
  expect(stdout).toContain('the last words');
  expect(code).toBe(0);
});
