import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Given } from '../../src/arguments/given.ts';
import { serveCommand } from '../../src/commands/serve.ts';
import { exitCodes } from '../../src/exit-code.ts';
import { settingsOf } from '../../src/settings/settings.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const unit = read('deploy/choir.service');
const containerfile = read('deploy/Containerfile');
const page = read('docs/operations.md');

test('the variables that the unit and the image set are settings', () => {
  for (const text of [unit, containerfile, page]) {
    const found = [...text.matchAll(/\b(CHOIR_SERVE_[A-Z_]+)=(\S+)/g)];
    expect(found.length).toBeGreaterThan(0);
    const entries = found.map(([, name, value]) => [name, value] as const);
    const environment = Object.fromEntries(
      entries.filter(([name]) => name !== 'CHOIR_SERVE_CONFIG'),
    );
    const given = new Given([], undefined, new Map());
    expect(() => settingsOf(serveCommand.options, given, environment, {})).not.toThrow();
  }
});

test('the unit does not start again on what another start cannot mend', () => {
  const [, listed = ''] = /^RestartPreventExitStatus=(.*)$/m.exec(unit) ?? [];
  const { usage, address, data_damaged: damaged } = exitCodes;
  expect(listed.split(' ').map(Number)).toEqual([usage[0], address[0], damaged[0]]);
});

test('the settings in the page are settings', () => {
  const [, json = ''] = /```json\n([^`]*)```/.exec(page) ?? [];
  const settings: unknown = JSON.parse(json);
  expect(Object.keys(Object(settings)).length).toBeGreaterThan(3);
  for (const name of Object.keys(Object(settings))) {
    expect(Object.keys(serveCommand.options)).toContain(name);
  }
});
