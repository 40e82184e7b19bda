import { expect, test } from 'vitest';
import { recording, replay, row } from './running.ts';

const patience = { timeout: 60_000 };

test(
  'a channel is verified while the server is killed and connections are cut',
  patience,
  async () => {
    const faults = ['--speed', '7', '--kill-server-every', '1s', '--drop-clients'];
    const ended = await replay('--format', 'irc', ...faults, recording('channel.txt'));
    expect([ended.code, ended.stderr.includes('Error')]).toEqual([0, false]);
    expect(Number(row(ended.stdout, 'server kills'))).toBeGreaterThan(0);
    expect(row(ended.stdout, 'every line once, in order')).toBe('yes  22 lines of 6 persons');
    expect(row(ended.stdout, 'same order at all members')).toMatch(/^yes/);
  },
);

test('two authors end with one text while the server is killed', patience, async () => {
  const faults = ['--speed', '100', '--kill-server-every', '1500ms'];
  const ended = await replay(
    '--format',
    'editing-trace',
    ...faults,
    recording('two-authors.json.gz'),
  );
  expect([ended.code, ended.stderr.includes('Error')]).toEqual([0, false]);
  expect(Number(row(ended.stdout, 'server kills'))).toBeGreaterThan(0);
  expect(row(ended.stdout, 'every transaction once')).toMatch(/^yes {2}401,/);
  expect(row(ended.stdout, 'text equals endContent')).toMatch(/^yes {2}3 of 3 texts/);
});

test('a missing recording is told with where to get one', async () => {
  const { code, stderr } = await replay('--format', 'irc', 'no-such-file.txt');
  expect(code).toBe(3);
  expect(stderr).toContain('no-such-file.txt cannot be read');
  expect(stderr).toContain('github.com/jkkummerfeld/irc-disentanglement');
});

test('a wrong command line is told with the right one', async () => {
  const { code, stderr } = await replay('--format', 'ircc', recording('channel.txt'));
  expect(code).toBe(2);
  expect(stderr).toContain('--format is one of: irc, editing-trace');
});
