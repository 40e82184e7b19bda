/** What `choir ftmp decode` says of a file that is no capture, and of keys that are the wrong ones. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { run, temporaryFolder } from '../running/choir.ts';

const encrypted = fileURLToPath(
  new URL('../../../../vectors/ftmp/view-change-encrypted.pcap', import.meta.url),
);

function file(content: string | Uint8Array, mode = 0o600): string {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, content, { mode });
  return path;
}

const keys = (id: number): string => file(`${id} ${'a5'.repeat(32)}\n`);

test.each([
  ['another key', 1],
  ['another id', 2],
])('where %s opens nothing it is said at the end, and the exit code is 24', async (_, id) => {
  const { code, stdout, stderr } = await run(['ftmp', 'decode', encrypted, '--key', keys(id)]);
  expect(stdout.trimEnd().split('\n')).toHaveLength(78);
  expect(stderr).toBe(
    '0 messages, 78 refused\n' +
      'choir: None of 78 encrypted datagrams was opened: the keys may be those of another cluster.\n' +
      '  Give --key those of the members whose datagrams these are.\n',
  );
  expect(code).toBe(24);
});

test('of a capture that is cut off it is said, too', async () => {
  const cut = file(readFileSync(encrypted).subarray(0, -10));
  const { code, stderr } = await run(['ftmp', 'decode', cut, '--key', keys(1)]);
  expect(stderr).toContain('None of 77 encrypted datagrams was opened');
  expect(code).toBe(25);
});

test('who has no keys there is not told to make some', async () => {
  const none = join(temporaryFolder(), 'none.key');
  const { code, stderr } = await run(['ftmp', 'decode', encrypted, '--key', none]);
  expect(stderr).toContain(`choir: --key: there is no file ${none}.\n  Give the keys of the`);
  expect(stderr).not.toMatch(/openssl|[Mm]ake/);
  expect(code).toBe(24);
});

test('a directory is named', async () => {
  const folder = temporaryFolder();
  const { code, stderr } = await run(['ftmp', 'decode', folder]);
  expect(stderr).toContain(`choir: ${folder} is a directory.\n`);
  expect(code).toBe(2);
});

test('an empty file is said to be empty', async () => {
  const { code, stderr } = await run(['ftmp', 'decode', file('')]);
  expect(stderr).toMatch(/file: it is empty \(NOT_A_CAPTURE\)\.\n/);
  expect(code).toBe(25);
});
