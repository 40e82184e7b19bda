/** What is refused before anything is joined, and what is said of it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { joinGroup } from '@choir/process-group';
import { expect, test } from 'vitest';
import { run, temporaryFolder } from '../running/choir.ts';
import { application } from './application.ts';

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

test('an empty name is said to be empty, and not to be too long', async () => {
  const { stderr } = await joining('');
  expect(stderr).toBe('choir: The name of a group is empty.\n  Example: lobby\n');
});

test.each(['', ' ', '\u00a0\u200b\u3164', '\u2800', 'a\u001b[2J', 'x'.repeat(65)])(
  'the label %j is refused, by the toolkit too, and --id is named',
  async (label) => {
    const directory = temporaryFolder();
    await expect(joinGroup('lobby', { directory, label })).rejects.toMatchObject({
      code: 'group-option',
    });
    for (const action of ['join', 'probe']) {
      const { code, stderr } = await run(['group', action, 'lobby', '--id', label]);
      expect(stderr).toMatch(/^choir: --id: the label of a member (?:has|is) [ -~]*\n/);
      expect(code).toBe(2);
    }
  },
);

test.each(['0', '0.1ms', '600h'])('--timeout %s is refused in its own words', async (timeout) => {
  for (const action of ['join', 'probe']) {
    const { code, stderr } = await run(['group', action, 'lobby', '--timeout', timeout]);
    expect(stderr).toBe(
      `choir: --timeout: "${timeout}" is not a duration from 1ms to 596h. Examples: 500ms, 10s, 2m, 1h.\n`,
    );
    expect(code).toBe(2);
  }
});

test.each(['0.0.0.0:17501', '[::]:17501', '0.0.0.0', '239.1.2.3:17501'])(
  '--listen %s is where nobody can be reached',
  async (address) => {
    const network = ['--listen', address, '--key', keyFile(), '--init'];
    const { code, stderr } = await joining('lobby', ...network);
    expect(stderr).toContain(
      `choir: --listen: others cannot reach this process at "${address}".\n  It has to be the IP`,
    );
    expect(code).toBe(20);
  },
);

test('who has nobody to ask is told the options that the action has', async () => {
  const network = ['--listen', '127.0.0.1', '--key', keyFile()];
  const join = await joining('lobby', ...network);
  expect(join.stderr).toBe('choir: --listen needs a --seed, --multicast, or --init.\n');
  const probe = await run(['group', 'probe', 'lobby', ...network]);
  expect(probe.stderr).toBe('choir: --listen needs a --seed, or --multicast.\n');
  expect([join.code, probe.code]).toEqual([2, 2]);
});

test('whose only seed is itself is told so', async () => {
  const own = ['--listen', '127.0.0.1:17501', '--key', keyFile(), '--seed', '127.0.0.1:17501'];
  const join = await joining('lobby', ...own);
  expect(join.stderr).toContain('choir: --seed: 127.0.0.1:17501 is this process itself');
  expect(join.stderr).toContain('--init');
  const probe = await run(['group', 'probe', 'lobby', ...own]);
  expect(probe.stderr).toContain('choir: --seed: 127.0.0.1:17501 is this process itself');
  expect(probe.stderr).not.toContain('--init');
  expect([join.code, probe.code]).toEqual([2, 2]);
});

test('who finds no group is asked for its name, in the words of the command line', async () => {
  const network = ['--listen', '127.0.0.1', '--key', keyFile(), '--seed', '127.0.0.1:9'];
  const { code, stderr } = await joining('tt', ...network, '--timeout', '1500ms');
  expect(stderr).toContain('Nobody let this process into group "tt" within 1.5 s. ');
  expect(stderr).toContain('Is one running there, in a group of exactly this name, with the same');
  expect(stderr).toContain('The first member makes the group (--init).');
  expect(code).toBe(3);
});

test('a group with replicas refuses who joins from a terminal', async () => {
  const environment = { CHOIR_RUNTIME: temporaryFolder() };
  await application('work', 'ann', environment);
  const { code, stderr } = await run(['group', 'join', 'work'], { environment });
  expect(stderr).toContain('The group has the replicas scores, this member has none');
  expect(code).toBe(4);
});

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
