import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isSupported, supported } from '../../packages/cli/bin/current-node.mjs';

const root = join(import.meta.dirname, '../..');

test('the launcher and the engines of every package name the same Node.js', () => {
  const found = globSync(['packages/*/package.json', 'examples/*/package.json'], { cwd: root });
  expect(found.length).toBeGreaterThan(10);
  for (const path of found) {
    const { engines } = JSON.parse(readFileSync(join(root, path), 'utf8'));
    expect(engines?.node, path).toBe(supported);
  }
});

test.each([
  ['20.20.2', false],
  ['22.17.1', false],
  ['22.18.0', true],
  ['23.11.0', false],
  ['24.0.0', true],
  ['26.10.0', true],
])('Node.js %s: %s', (version, expected) => {
  expect(isSupported(version)).toBe(expected);
});

/** Runs a script as if this were another Node.js, in a clone where nothing is installed. */
function runOn(version: string, script: string, ...args: string[]) {
  const clone = mkdtempSync(join(tmpdir(), 'choir-clone-'));
  onTestFinished(() => rmSync(clone, { recursive: true, force: true }));
  for (const folder of ['packages/cli/bin', 'tools'])
    mkdirSync(join(clone, folder), { recursive: true });
  cpSync(join(root, 'packages/cli/bin'), join(clone, 'packages/cli/bin'), { recursive: true });
  for (const file of ['tools/setup.mjs', 'tools/one-at-a-time.mjs']) {
    cpSync(join(root, file), join(clone, file));
  }
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' });`;
  const before = `data:text/javascript,${encodeURIComponent(pretend)}`;
  const command = ['--import', before, join(clone, script), ...args];
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  return { status, stderr: stderr.replaceAll(clone, 'CLONE') };
}

test('on an older Node.js choir says what it needs, and where to get it', () => {
  const { status, stderr } = runOn('20.20.2', 'packages/cli/bin/choir.mjs', 'status');
  expect(status).toBe(1);
  expect(stderr).toContain('choir needs Node.js 22.18, 24 or newer, and this is 20.20.2');
  expect(stderr).toContain('Run "npm ci" in CLONE');
});

test('on one that is too old for the set-up, so does that', () => {
  const { status, stderr } = runOn('18.20.8', 'tools/setup.mjs', 'tools/start.ts');
  expect(status).toBe(1);
  expect(stderr).toContain('Setting up Choir needs Node.js 20 or newer, and this is 18.20.8');
});
