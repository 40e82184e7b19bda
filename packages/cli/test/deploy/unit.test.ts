/** What systemd itself says of the unit. Nothing is installed or started. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const unit = fileURLToPath(new URL('../../../../deploy/choir.service', import.meta.url));

/**
 * The most exposure the unit may have, in tenths: systemd 252 finds 1.1, and later ones count a little
 * otherwise. What is left: it serves the network, has a socket for its operator, compiles as it runs, and
 * has no root directory of its own.
 */
const exposureTenths = 15;
/** The first that judges a unit that is not installed. */
const versionMin = 250;

/** Why there is nothing to ask here; empty when there is. */
const lack = lackOf(spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' }));

function lackOf({ stdout, error }: { readonly stdout: string; readonly error?: Error }): string {
  if (error !== undefined) return 'systemd-analyze is not on this machine';
  const [, version = ''] = /^systemd (\d+)/.exec(stdout) ?? [];
  return Number(version) >= versionMin ? '' : `systemd ${version} is older than ${versionMin}`;
}

/** What `systemd-analyze` says about a unit with these lines. */
function analyze(lines: string, ...words: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'choir-unit-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'choir.service');
  writeFileSync(file, lines);
  const { status, stdout, stderr } = spawnSync('systemd-analyze', [...words, file], {
    encoding: 'utf8',
  });
  return { status, said: `${stdout}${stderr}` };
}

/** The unit, with a program that is on this machine. */
function runnable(): string {
  const lines = readFileSync(unit, 'utf8');
  const changed = lines.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`);
  expect(changed).not.toBe(lines);
  return changed;
}

test('systemd takes every line of the unit', ({ skip }) => {
  skip(lack !== '', lack);
  const words = ['verify', '--recursive-errors=no'];
  expect(analyze(runnable(), ...words)).toEqual({ status: 0, said: '' });
  const wrong = runnable().replace('PrivateTmp', 'PrivatTmp');
  const { status, said } = analyze(wrong, ...words);
  expect(status).not.toBe(0);
  expect(said).toContain('PrivatTmp');
});

test('the service is exposed to no more than it needs', ({ skip }) => {
  skip(lack !== '', lack);
  const words = ['security', '--offline=true', '--no-pager', `--threshold=${exposureTenths}`];
  const { status, said } = analyze(runnable(), ...words);
  expect(status, said).toBe(0);
  const open = runnable().replace('CapabilityBoundingSet=\n', '');
  expect(analyze(open, ...words).status).not.toBe(0);
});
