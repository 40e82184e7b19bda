import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { planFor } from './chromium.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'choir-peers-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

test('a browser that is there is taken as it is', () => {
  const there = folder();
  writeFileSync(join(there, 'chromium'), '');
  chmodSync(join(there, 'chromium'), 0o755);
  const path = [folder(), there].join(delimiter);
  expect(planFor({ path, isRoot: false, isCi: true })).toBe('ready');
});

test('root installs one, in CI also others do', () => {
  const path = folder();
  const update = ['apt-get', 'update'];
  const install = expect.arrayContaining(['apt-get', 'install', 'chromium']);
  expect(planFor({ path, isRoot: true, isCi: false })).toEqual([update, install]);
  const plan = planFor({ path, isRoot: false, isCi: true });
  expect(plan).toEqual([['sudo', '--non-interactive', ...update], install]);
});

test('on the machine of a person nothing is installed unasked', () => {
  expect(planFor({ path: folder(), isRoot: false, isCi: false })).toBe('advise');
});
