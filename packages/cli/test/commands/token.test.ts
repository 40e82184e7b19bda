/** Keys, tokens, and a server that asks for them, as people use them. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, temporaryFolder } from '../running/choir.ts';
import { startServer } from '../running/server.ts';

/** Keys in a folder of the test's own, and what issues tokens with them. */
async function keys() {
  const folder = temporaryFolder();
  const secret = join(folder, 'keys.json');
  const shared = join(folder, 'keys.public.json');
  const made = await run(['token', 'make', secret, '--json']);
  expect(JSON.parse(made.stdout)).toEqual({ type: 'keys', signs: secret, verifies: shared });
  const issue = async (...args: readonly string[]): Promise<string> => {
    const { stdout, stderr, code } = await run(['token', '--keys', secret, ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.trim();
  };
  return { folder, secret, shared, issue };
}

test('a key that is made signs for its owner only, and is never written over', async () => {
  const { secret, shared } = await keys();
  expect((statSync(secret).mode & 0o777).toString(8)).toBe('600');
  expect(JSON.parse(readFileSync(shared, 'utf8'))).not.toHaveProperty('d');
  const before = readFileSync(secret, 'utf8');
  const again = await run(['token', 'make', secret]);
  expect({ code: again.code, told: again.stderr.includes('is there already') }).toEqual({
    code: 24,
    told: true,
  });
  expect(readFileSync(secret, 'utf8')).toBe(before);
});

test('who has a token comes in and does what it grants, and nothing else', async () => {
  const { folder, shared, issue } = await keys();
  const server = await startServer({ args: ['--token-keys', shared] });
  const token = await issue('--sub', 'ann', '--allow', 'team/*:broadcast');
  const file = join(folder, 'ann.token');
  writeFileSync(file, `${token}\n`);
  const send = (group: string, more: readonly string[], environment = {}) =>
    run(['send', group, 'hello', '--json', '--server', server.url, ...more], { environment });
  const ways = await Promise.all([
    send('team/a', ['--token-file', file]),
    send('team/a', ['--token', token]),
    send('team/a', [], { CHOIR_TOKEN: token }),
  ]);
  expect(ways.map(({ code }) => code)).toEqual([0, 0, 0]);
  const elsewhere = await send('other', ['--token-file', file]);
  expect(elsewhere.code).toBe(4);
  expect(JSON.parse(elsewhere.stdout)).toMatchObject({ type: 'refused', code: 'FORBIDDEN' });
  const none = await send('team/a', []);
  expect(none.code).toBe(8);
  expect(none.stderr).toContain('UNAUTHORIZED: This server asks for a token.');
  expect(none.stderr).toContain('--token-file');
});

test('a server with TLS that is not there, or not known, is told with both remedies', async () => {
  const there = ['--server', 'wss://127.0.0.1:9', '--timeout', '1s'];
  const { code, stderr } = await run(['send', 'lobby', 'hello', ...there]);
  expect(code).toBe(3);
  expect(stderr).toContain('NODE_EXTRA_CA_CERTS');
});

test('what a token says is shown, and with the keys whether it holds', async () => {
  const { secret, shared, issue } = await keys();
  const token = await issue('--sub', 'ann', '--allow', 'a:*', '--audience', 'here', '--for', '2h');
  const show = async (args: readonly string[], input = '') => {
    const { code, stdout } = await run(['token', 'show', '--json', ...args], { input });
    return { code, ...JSON.parse(stdout) };
  };
  expect(await show([token])).toMatchObject({
    code: 0,
    holds: null,
    header: { alg: 'EdDSA', typ: 'JWT' },
    payload: { sub: 'ann', aud: 'here', choir: [{ groups: 'a', verbs: ['*'] }] },
  });
  const here = ['--keys', shared, '--audience', 'here'];
  expect(await show(here, token)).toMatchObject({ code: 0, holds: true });
  expect(await show(['--keys', shared], token)).toMatchObject({ code: 4, holds: false });
  const [header = '', payload = ''] = token.split('.');
  const forged = `${header}.${payload}.${'A'.repeat(86)}`;
  expect(await show([...here, forged])).toMatchObject({ code: 4, holds: false });
  const people = await run(['token', 'show', '--keys', secret, forged]);
  expect(people.stdout).toContain('it does not hold: The token is not signed by a key');
});

test('mistakes are told with what was meant', async () => {
  const { secret, shared } = await keys();
  const wrong: readonly [args: readonly string[], told: string][] = [
    [['token'], '--keys is missing'],
    [['token', '--keys', secret], '--sub is missing'],
    [['token', '--keys', secret, '--sub', 'ann'], '--allow is missing'],
    [['token', '--keys', secret, '--sub', 'ann', '--allow', 'team'], 'is not GROUPS:VERBS'],
    [['token', '--keys', secret, '--sub', 'ann', '--allow', 'a:jion'], 'Did you mean: join'],
    [['token', '--keys', shared, '--sub', 'ann', '--allow', 'a:join'], 'signs none'],
    [['token', 'mkae', 'x'], 'it can make and show'],
    [['token', 'show', 'nonsense'], 'This is no token'],
    [['send', 'a', 'b', '--token', 'nonsense'], 'this is no token'],
    [['send', 'a', 'b', '--token-file', join(secret, 'x')], 'cannot be read'],
  ];
  for (const [args, told] of wrong) {
    const { code, stderr } = await run(args);
    expect({ args, stderr, failed: code !== 0 }).toEqual({
      args,
      stderr: expect.stringContaining(told),
      failed: true,
    });
  }
});

test('a server is not started where it would let in whom it should not', async () => {
  const { shared } = await keys();
  const data = join(temporaryFolder(), 'data');
  const serve = async (...args: readonly string[]) => {
    const { code, stderr } = await run(['serve', '--port', '0', '--data', data, ...args]);
    return `${code}: ${stderr}`;
  };
  expect(await serve('--host', '0.0.0.0')).toMatch(/^2: .*without keys/is);
  expect(await serve('--host', '0.0.0.0', '--token-keys', shared)).toMatch(/^2: .*Without TLS/s);
  expect(await serve('--behind-proxy')).toMatch(/^2: .*Behind a proxy/s);
  expect(await serve('--token-audience', 'here')).toMatch(/^2: .*means nothing without/s);
  expect(await serve('--token-keys', shared, '--admin', 'ann')).toMatch(
    /^2: .*means nothing with/s,
  );
  expect(await serve('--tls-cert', shared)).toMatch(/^2: .*go together/s);
  expect(await serve('--origin', 'https://app.example/')).toMatch(/^2: .*is no origin/s);
  expect(await serve('--token-keys', join(data, 'none'))).toMatch(/^24: .*cannot be read/s);
  expect(existsSync(data)).toBe(false);
});
