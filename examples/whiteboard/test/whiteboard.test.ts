import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hasScript, program, Terminal } from './terminal.ts';

const patience = { timeout: 90_000 };
const left = '\x1b[D';
const alternateScreen = '\x1b[?1049h';
const terminalRestored = '\x1b[?25h\x1b[?1049l';

test('without a terminal it says so, with exit code 2', patience, () => {
  const { status, stderr } = spawnSync(process.execPath, [...process.execArgv, program], {
    encoding: 'utf8',
    input: '',
  });
  expect(status).toBe(2);
  expect(stderr).toContain('The whiteboard needs a terminal');
});

test(
  'all see what one draws and where its cursor is; who leaves has its terminal back',
  patience,
  async (context) => {
    if (!hasScript) return context.skip('script of util-linux is not there');
    const directory = mkdtempSync(join(tmpdir(), 'choir-test-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const ann = new Terminal(directory, 'ann');
    await ann.shows('ann joined');
    ann.press(`one${left}`);
    await ann.shows('one');
    const bob = new Terminal(directory, 'bob');
    await bob.shows('one');
    await bob.shows('ann  bob');
    await ann.shows('bob joined');
    bob.press('two');
    await ann.shows('two bob');
    ann.press('q');
    expect(await ann.ended).toBe(0);
    expect(ann.written).toContain(alternateScreen);
    expect(ann.written.split(alternateScreen).at(-1)).toContain(terminalRestored);
    await bob.shows('ann left');
    bob.press('\x03');
    expect(await bob.ended).toBe(0);
  },
);
