/** How much of the logs of groups is kept, as an operator says it and a reader sees it. */
import { expect, test } from 'vitest';
import { choir, run, temporaryFolder } from '../running/choir.ts';
import { startServer } from '../running/server.ts';

/** For a command to be started and answered on a busy machine, where that can take more than a second. */
const patience = { timeout: 20_000 };

test.each([
  ['room', 'does not say which groups keep how much'],
  ['=10', 'does not say which groups'],
  ['\u202e=10', 'does not say which groups'],
  ['room/=10', 'does not say which groups'],
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
  await expect.poll(async () => (await log()).stderr, patience).toContain('the log has a gap here');
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

test('who follows a log and was away is shown all that is kept, behind a note of the gap', async () => {
  const first = await startServer();
  const { data } = first;
  const port = Number(new URL(first.url).port);
  await run(['send', 'lobby', 'a', 'b', '--server', first.url]);
  const log = choir(['log', 'lobby', '--follow', '--json', '--server', first.url]);
  await log.json({ data: 'b' });
  first.process.kill('SIGTERM');
  await first.process.ended();

  // Where it does not look for it, more is said, and most of it is cut.
  const elsewhere = await startServer({ data, args: ['--retain', '*=2'] });
  await run(['send', 'lobby', 'c', 'd', 'e', 'f', '--server', elsewhere.url]);
  elsewhere.process.kill('SIGTERM');
  await elsewhere.process.ended();
  const again = await startServer({ data, args: ['--retain', '*=2'] });
  const read = () => run(['log', 'lobby', '--server', again.url]);
  await expect
    .poll(async () => (await read()).stderr, patience)
    .toContain('the log has a gap here');
  again.process.kill('SIGTERM');
  await again.process.ended();

  const back = await startServer({ data, port });
  await log.json({ data: 'f' });
  await run(['send', 'lobby', 'g', '--server', back.url]);
  await log.json({ data: 'g' });
  log.kill('SIGINT');
  const { code, stdout, stderr } = await log.ended();
  expect(code).toBe(0);
  const shown = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type !== 'connection')
    .map(({ data }) => data);
  expect(shown).toEqual(['a', 'b', 'e', 'f', 'g']);
  expect(stderr.split('the log has a gap here')).toHaveLength(2);
});
