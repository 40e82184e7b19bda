import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../running/choir.ts';

const choirPath = fileURLToPath(new URL('../../bin/choir.mjs', import.meta.url));

for (const command of ['help', 'token make keys.json']) {
  test(`when what choir ${command} prints cannot be written, that is said, and it has failed`, (context) => {
    if (!existsSync('/dev/full')) return context.skip('there is no /dev/full here');
    const full = openSync('/dev/full', 'w');
    const ended = spawnSync(process.execPath, [choirPath, ...command.split(' ')], {
      cwd: temporaryFolder(),
      env: { ...process.env, CHOIR_STATE: temporaryFolder() },
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(ended.stderr).toMatch(/^choir: Standard output cannot be written: ENOSPC.*\n.*\n$/);
    expect(ended.status).toBe(1);
  });
}
