import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chromium } from './chromium.ts';
import { corosync } from './corosync.ts';
import { namespaces } from './namespaces.ts';
import { planFor } from './packages.ts';
import { tshark } from './tshark.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'choir-peers-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

function folderWith(...commands: string[]): string {
  const there = folder();
  for (const command of commands) {
    writeFileSync(join(there, command), '');
    chmodSync(join(there, command), 0o755);
  }
  return there;
}

const quiet = ['env', 'DEBIAN_FRONTEND=noninteractive'];
const update = [...quiet, 'apt-get', 'update'];

test.each([
  [chromium, 'chromium'],
  [tshark, 'tshark'],
])('$name that is there is taken as it is', (peer, command) => {
  const path = [folder(), folderWith(command)].join(delimiter);
  expect(planFor(peer, { path, isRoot: false, isCi: true })).toBe('ready');
});

test.each([chromium, namespaces, corosync, tshark])(
  'root installs $name, in CI also others do',
  (peer) => {
    const path = folder();
    const install = expect.arrayContaining(['apt-get', 'install', peer.needs[0]?.package]);
    expect(planFor(peer, { path, isRoot: true, isCi: false })).toEqual([update, install]);
    const plan = planFor(peer, { path, isRoot: false, isCi: true });
    expect(plan).toEqual([['sudo', '--non-interactive', ...update], install]);
  },
);

test('only what is missing is installed', () => {
  const plan = planFor(namespaces, { path: folderWith('ip'), isRoot: true, isCi: false });
  expect(plan[1]).toContain('nftables');
  expect(plan[1]).not.toContain('iproute2');
});

test('a need may be a file', () => {
  const there = join(folderWith('some.h'), 'some.h');
  const peer = (file: string) => ({
    ...tshark,
    needs: [{ package: 'libsome-dev', files: [file] }],
  });
  const machine = { path: folder(), isRoot: false, isCi: false };
  expect(planFor(peer(there), machine)).toBe('ready');
  expect(planFor(peer(`${there}.not`), machine)).toBe('advise');
});

test('on the machine of a person nothing is installed unasked', () => {
  expect(planFor(chromium, { path: folder(), isRoot: false, isCi: false })).toBe('advise');
});
