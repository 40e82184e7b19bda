/** How much of the logs of groups is kept, as an operator says it and a reader sees it. */
import { expect, test } from 'vitest';
import { run, temporaryFolder } from '../running/choir.ts';
import { startServer } from '../running/server.ts';

test.each([
  ['room', 'does not say which groups keep how much'],
  ['=10', 'does not say which groups'],
  ['\u202e=10', 'does not say which groups'],
  ['room=', 'does not say which groups'],
  ['room=10+20', 'does not say which groups'],
  ['room=1d+2h', 'does not say which groups'],
  ['room=1+1d+1', 'does not say which groups'],
  ['room=1w', 'does not say which groups'],
  ['room=0', 'is not a whole number from 1'],
])('--retain %s is refused', async (text, problem) => {
  const data = temporaryFolder();
  const { code, stderr } = await run(['serve', '--port', '0', '--data', data, '--retain', text]);
  expect(code).toBe(2);
  expect(stderr).toContain(problem);
});

test('what is kept is shown by log, behind a note of the gap', async () => {
  const before = await startServer();
  const send = (...texts: string[]) => run(['send', 'lobby', ...texts, '--server', before.url]);
  await send('a', 'b', 'c', 'd', 'e');
  before.process.kill('SIGTERM');
  await before.process.ended();
  // At its start a server looks at all groups.
  const { url } = await startServer({ data: before.data, args: ['--retain', 'lob*=2+30d'] });
  const log = () => run(['log', 'lobby', '--server', url]);
  await expect.poll(async () => (await log()).stderr).toContain('the log has a gap here');
  const { code, stdout } = await log();
  expect(code).toBe(0);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.slice(-1)),
  ).toEqual(['d', 'e']);
  const none = await run(['log', 'nobody', '--server', url]);
  expect(none).toMatchObject({ code: 7, stderr: expect.not.stringContaining('gap') });
});
