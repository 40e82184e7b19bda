/** What is refused before anything is joined, and what is said of it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, temporaryFolder } from '../running/choir.ts';

function keyFile(): string {
  const key = join(temporaryFolder(), 'cluster.key');
  writeFileSync(key, `1 ${'5a'.repeat(32)}\n`, { mode: 0o600 });
  return key;
}

async function joining(...args: readonly string[]) {
  return await run(['group', 'join', ...args], {
    environment: { CHOIR_RUNTIME: temporaryFolder() },
  });
}

test.each(['127.0.0.1', '127.0.0.1:0', '192.0.2.7:port'])(
  'the seed %s is a wrong command line, and --seed is named',
  async (seed) => {
    const network = ['--listen', '127.0.0.1', '--key', keyFile(), '--seed', seed];
    const { code, stderr } = await joining('lobby', ...network);
    expect(stderr).toContain(`choir: --seed: "${seed}"`);
    expect(code).toBe(2);
  },
);

test('a seed whose name is not found cannot be reached', async () => {
  const network = ['--listen', '127.0.0.1', '--key', keyFile(), '--seed', 'nosuch.invalid:7501'];
  const { code, stderr } = await joining('lobby', ...network);
  expect(stderr).toContain('choir: --seed: No seed has an address: nosuch.invalid:7501');
  expect(code).toBe(3);
});

test.each(['a\nb', 'a\u001b[2J', '  ', '\u00a0', '', 'x'.repeat(257)])(
  'the name %j is refused by every action',
  async (name) => {
    for (const action of ['join', 'probe', 'bench']) {
      const { code, stderr } = await run(['group', action, name]);
      expect(stderr).toMatch(/^choir: The name of a group (?:has|is) [ -~]*\n/);
      expect(code).toBe(2);
    }
  },
);

test('-- ends the options: what follows is the name', async () => {
  const { code, stdout } = await joining('--leave-at-eof', '--id', 'ann', '--', '--lobby');
  expect(stdout).toBe('view 1: ann (ann joined)\n');
  expect(code).toBe(0);
});

test('who has no key file is told the command that makes one, and it makes one', async () => {
  const network = ['--listen', '127.0.0.1', '--seed', '127.0.0.1:9'];
  const without = await joining('lobby', ...network);
  const missing = await joining('lobby', ...network, '--key', join(temporaryFolder(), 'none'));
  expect([without.code, missing.code]).toEqual([2, 24]);
  const [, remedy] = without.stderr.split('\n');
  expect(missing.stderr).toContain(`\n${remedy}\n`);
  const { stdout } = await run(['help', 'group']);
  expect(stdout).toContain(`\n  ${remedy?.replace('  Make one: ', '')}\n`);
});

test.each([
  [
    ['--listen', '127.0.0.1:7500'],
    '239.1.2.3',
    '--listen: with --multicast it has no port, not "127.0.0.1:7500"',
  ],
  [
    ['--listen', '0.0.0.0'],
    '239.1.2.3',
    'it is the IPv4 address of one interface of this machine, not "0.0.0.0"',
  ],
  [
    ['--listen', '::1'],
    '239.1.2.3',
    'it is the IPv4 address of one interface of this machine, not "::1"',
  ],
  [
    ['--listen', '127.0.0.1'],
    '192.0.2.7',
    '--multicast: "192.0.2.7" is no address of IPv4 multicast',
  ],
  [
    ['--listen', '127.0.0.1'],
    'ff02::1:3',
    '--multicast: "ff02::1:3" is no address of IPv4 multicast',
  ],
  [
    ['--listen', '127.0.0.1'],
    '239.1.2.3:0',
    '--multicast: the port: "0" is not a whole number from 1 to 65535',
  ],
  [
    ['--listen', '127.0.0.1', '--seed', '127.0.0.1:9'],
    '239.1.2.3',
    '--seed and --multicast: which of the two?',
  ],
  [[], '239.1.2.3', '--multicast is of use with --listen only.'],
])('%j with --multicast %s is a wrong command line', async (others, group, text) => {
  const { code, stderr } = await joining(
    'lobby',
    '--key',
    keyFile(),
    ...others,
    '--multicast',
    group,
  );
  expect(stderr).toContain(text);
  expect(code).toBe(2);
});

test('of several seeds, one whose name is not found is named, and not said to be silent', async () => {
  const seeds = ['--seed', '127.0.0.1:9', '--seed', 'nosuch.invalid:7501', '--timeout', '1s'];
  const network = ['--listen', '127.0.0.1', '--key', keyFile(), ...seeds];
  const { code, stderr } = await joining('lobby', ...network);
  expect(stderr).toContain('The seed nosuch.invalid:7501 has no address');
  expect(stderr).toContain('No member answered at the seed 127.0.0.1:9.');
  expect(code).toBe(3);
});
