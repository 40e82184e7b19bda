/** A run-time directory that cannot be used: what is said, and that nothing is advised that breaks what others need. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { joinGroup } from '../../src/index.ts';

const isWindows = process.platform === 'win32';
const folderOfOwn = `choir-${process.getuid?.() ?? 'user'}`;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'choir-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function openFolder(path = folder()): string {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
  return path;
}

function file(): string {
  const path = join(folder(), 'file');
  writeFileSync(path, '');
  return path;
}

/** @param environment the only two variables that count */
async function refusal(
  environment: { readonly CHOIR_RUNTIME?: string; readonly XDG_RUNTIME_DIR?: string },
  directory?: string,
): Promise<string> {
  vi.stubEnv('CHOIR_RUNTIME', environment.CHOIR_RUNTIME);
  vi.stubEnv('XDG_RUNTIME_DIR', environment.XDG_RUNTIME_DIR);
  onTestFinished(() => void vi.unstubAllEnvs());
  const joining = joinGroup('here', directory === undefined ? {} : { directory });
  const error: unknown = await joining.catch((error: unknown) => error);
  expect(error).toMatchObject({ code: 'group-option' });
  return String(error);
}

test.skipIf(isWindows)(
  'one that others can read is left as it is: a folder in it is advised, which can be used',
  async () => {
    const path = openFolder();
    const text = await refusal({ CHOIR_RUNTIME: path });
    const own = join(path, folderOfOwn);
    expect(text).toContain(
      `The run-time directory ${path} cannot be used: others than its owner can read it. ` +
        `Mend it: give in CHOIR_RUNTIME a folder of your own, which is made if it is not there, such as ${own}.`,
    );
    expect(text).not.toMatch(/chmod|remove/);
    expect(statSync(path).mode & 0o777).toBe(0o755);
    const group = await joinGroup('here', { directory: own });
    await group.leave();
  },
);

test('a file is left as it is', async () => {
  const text = await refusal({ CHOIR_RUNTIME: file() });
  expect(text).toContain('it is no directory. Mend it: give in CHOIR_RUNTIME a folder of your own');
  expect(text).not.toMatch(/chmod|remove/);
});

test('who gives it as an option is told of the option, and not of the environment', async () => {
  const wrong = [file(), join(folder(), 'none', 'none'), ...(isWindows ? [] : [openFolder()])];
  for (const directory of wrong) {
    const text = await refusal({}, directory);
    expect(text).toContain('give as directory a folder of your own');
    expect(text).not.toMatch(/chmod|remove|CHOIR_RUNTIME/);
  }
});

test.skipIf(isWindows)('that of the toolkit itself may be mended', async () => {
  const parent = folder();
  const path = openFolder(join(parent, 'choir'));
  const text = await refusal({ XDG_RUNTIME_DIR: parent });
  expect(text).toContain(`Mend it: chmod 700 ${path}.`);
});
