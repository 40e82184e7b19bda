import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { choir, run, temporaryFolder } from '../running/choir.ts';

test('a bench measures members of its own, and leaves nothing behind', {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder();
  const size = ['--size', '100', '--seconds', '1', '--members', '2', '--senders', '1'];
  const { code, stdout, stderr } = await run(['group', 'bench', 'trial', '--json', ...size], {
    environment: { TMPDIR: folder, CHOIR_RUNTIME: folder },
  });
  const [first, second, total] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const setup = { group: 'trial', members: 2, senders: 1, seconds: 1, size: 100 };
  expect(first).toMatchObject({ type: 'bench_member', member: 1, sends: true });
  expect(second).toMatchObject({ type: 'bench_member', member: 2, sends: false });
  expect(second.messages).toBe(first.messages);
  expect(first.messages).toBeGreaterThan(0);
  expect(total).toMatchObject({ type: 'bench', ...setup });
  expect(total.messagesPerSecond).toBe(Math.min(first.messagesPerSecond, second.messagesPerSecond));
  expect(total.aloneP99Ms).toBeGreaterThanOrEqual(total.aloneP50Ms);
  expect(total.aloneP50Ms).toBeGreaterThan(0);
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(left(folder)).toEqual([]);
});

test('Ctrl-C ends a bench, and its members with it', { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const bench = choir(['group', 'bench', 'trial', '--seconds', '60'], { TMPDIR: folder });
  await expect.poll(() => attending(folder), { timeout: 30_000 }).toBe(3);
  bench.kill('SIGINT');
  expect((await bench.ended()).code).toBe(130);
  expect(left(folder)).toEqual([]);
});

test('without a terminal a bench says on standard error how far it is', {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder();
  const args = ['group', 'bench', 'trial', '--seconds', '1', '--members', '2'];
  const { stdout, stderr } = await run(args, { environment: { TMPDIR: folder } });
  expect(stderr).toMatch(
    /^starting 2 members\n(?:.+\n)*warming up\n(?:.+\n)*one message at a time\n/,
  );
  expect(stdout).toMatch(/^member +sends +messages /);
});

test('a second signal ends a bench at once, and nothing is left behind', {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder();
  const bench = choir(['group', 'bench', 'trial', '--seconds', '60'], { TMPDIR: folder });
  await expect.poll(() => attending(folder), { timeout: 30_000 }).toBe(3);
  bench.kill('SIGTERM');
  bench.kill('SIGTERM');
  expect((await bench.ended()).code).toBe(143);
  expect(left(folder)).toEqual([]);
});

test('when a bench is killed its members end by themselves', { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const bench = choir(['group', 'bench', 'trial', '--seconds', '60'], { TMPDIR: folder });
  await expect.poll(() => attending(folder), { timeout: 30_000 }).toBe(3);
  bench.kill('SIGKILL');
  await bench.ended();
  await expect.poll(() => left(folder), { timeout: 30_000 }).toEqual([]);
});

test('what cannot be measured is refused', async () => {
  const refused = async (...args: readonly string[]): Promise<string> => {
    const { code, stderr } = await run(['group', 'bench', ...args]);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await refused('trial', '--size', '15')).toContain('--size: "15" is not a whole number');
  expect(await refused('trial', '--members', '2', '--senders', '3')).toContain('from 1 to 2');
  expect(await refused('x'.repeat(257))).toContain('1 to 256 bytes');
});

/** How many members of the bench that has its folder here are in the group. */
function attending(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((name) => name.endsWith('.member')).length;
}

/** What is there, but for what Node.js keeps between runs. */
function left(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name !== 'node-compile-cache');
}
