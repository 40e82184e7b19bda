/** docs/decoding.md shows what its commands print. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../running/choir.ts';
import { hasTshark } from './tshark.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const page = join(root, 'docs/decoding.md');
const block = /^```\n\$ (.*)\n[^`]*^```$/gm;

if (!hasTshark)
  console.log('Not compared: what tshark prints on docs/decoding.md (it is missing).');

/** As a reader types it, at the root of the repository. */
async function printed(command: string): Promise<string> {
  const path = [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  const env = { ...process.env, PATH: path, LC_ALL: 'C.UTF-8', CHOIR_STATE: temporaryFolder() };
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: root, env });
  return stdout;
}

test('what docs/decoding.md shows is what its commands print (vitest -u writes it)', {
  timeout: 60_000,
}, async () => {
  const written = readFileSync(page, 'utf8');
  let fresh = written;
  let commands = 0;
  for (const [whole, command = ''] of written.matchAll(block)) {
    commands += 1;
    if (command.startsWith('tshark') && !hasTshark) continue;
    const output = await printed(command);
    expect(output).not.toBe('');
    fresh = fresh.replace(whole, () => `\`\`\`\n$ ${command}\n${output}\`\`\``);
  }
  expect(commands).toBe(written.split('\n$ ').length - 1);
  await expect(fresh).toMatchFileSnapshot(page);
});
