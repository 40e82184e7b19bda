import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Given } from '../../src/arguments/given.ts';
import type { OptionTable } from '../../src/arguments/option.ts';
import { settingsOf } from '../../src/settings/settings.ts';

const options: OptionTable = {
  config: { value: 'FILE', ofOneRun: true, help: '' },
  json: { ofOneRun: true, help: '' },
  host: { value: 'HOST', default: 'here', help: '' },
  port: { value: 'PORT', default: '7400', help: '' },
  data: { value: 'DIR', help: '' },
  admin: { value: 'ID', repeatable: true, help: '' },
  'idle-timeout': { value: 'DURATION', help: '' },
  'behind-proxy': { help: '' },
  'log-level': { value: 'warn|info', help: '' },
};

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'choir-settings-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

type Layers = {
  typed?: Record<string, readonly string[]>;
  environment?: Record<string, string>;
  file?: unknown;
  at?: string;
};

function settings({ typed = {}, environment = {}, file, at = folder() }: Layers) {
  const path = join(at, 'serve.json');
  const text = typeof file === 'string' ? file : JSON.stringify(file ?? {});
  writeFileSync(path, text);
  const given = new Given([], undefined, new Map(Object.entries({ config: [path], ...typed })));
  const { list, given: merged } = settingsOf(options, given, environment, { data: () => '/state' });
  return { given: merged, of: (name: string) => list.find((each) => each.name === name) };
}

test('the command line goes before the environment, that before the file, that before the default', () => {
  const file = { port: 3, host: 'file', admin: ['ann'] };
  const environment = { CHOIR_SERVE_PORT: '2', CHOIR_SERVE_HOST: 'environment' };
  const typed = { port: ['1'] };
  const found = settings({ typed, environment, file });
  expect(found.of('port')).toEqual({
    name: 'port',
    value: 1,
    from: 'command_line',
    where: '--port',
  });
  expect(found.of('host')).toMatchObject({ value: 'environment', from: 'environment' });
  expect(found.of('admin')).toMatchObject({ value: ['ann'], from: 'file' });
  expect(found.of('data')).toMatchObject({ value: '/state', from: 'default' });
  expect(found.of('behind-proxy')).toMatchObject({ value: false, from: 'default' });
  expect(found.given.natural('port')).toBe(1);
  expect(found.given.list('admin')).toEqual(['ann']);
});

test('paths in a file are relative to it', () => {
  const at = folder();
  expect(settings({ at, file: { data: 'groups' } }).given.text('data')).toBe(join(at, 'groups'));
});

test('the environment switches off what the file switches on', () => {
  const file = { 'behind-proxy': true };
  expect(settings({ file }).given.flag('behind-proxy')).toBe(true);
  const environment = { CHOIR_SERVE_BEHIND_PROXY: 'false' };
  expect(settings({ file, environment }).given.flag('behind-proxy')).toBe(false);
});

test('the environment may name the file, and gives lists with commas', () => {
  const at = folder();
  const path = join(at, 'other.json');
  writeFileSync(path, '{"port": 9}');
  const environment = { CHOIR_SERVE_CONFIG: path, CHOIR_SERVE_ADMIN: 'ann, bob' };
  const { given } = settingsOf(options, new Given([], undefined, new Map()), environment, {});
  expect(given.natural('port')).toBe(9);
  expect(given.list('admin')).toEqual(['ann', 'bob']);
});

test.each<[unknown, string]>([
  [{ prot: 1 }, 'there is no setting "prot".\nDid you mean: "port"'],
  [{ xyzzy: 1 }, 'there is no setting "xyzzy".\nThe settings are: host, port,'],
  [{ json: true }, 'there is no setting "json"'],
  [{ port: '7400' }, '"port" is "7400"; it has to be a whole number from 0 to 65535.'],
  [{ port: 70_000 }, '"port" is 70000; it has to be a whole number'],
  [{ port: null }, '"port" is null; it has to be'],
  [{ admin: 'ann' }, '"admin" is "ann"; it has to be a list, each entry a string.'],
  [{ admin: ['ann', 3] }, '"admin" is ["ann",3]; it has to be a list'],
  [{ 'behind-proxy': 'yes' }, '"behind-proxy" is "yes"; it has to be true or false.'],
  [{ 'idle-timeout': 'soon' }, '"idle-timeout" is "soon"; it has to be a duration'],
  [{ 'log-level': 'loud' }, '"log-level" is "loud"; it has to be one of "warn", "info".'],
  [{ data: { a: 'x'.repeat(100) } }, '…; it has to be the path'],
  ['{"port": 1,}', 'is not JSON:'],
  [[1], 'has to hold one JSON object.'],
])('a file with %j is refused by its key', (file, message) => {
  expect(() => settings({ file })).toThrow(message);
});

test.each([
  [{ CHOIR_SERVE_PROT: '1' }, 'CHOIR_SERVE_PROT is no setting.\nDid you mean: CHOIR_SERVE_PORT'],
  [{ CHOIR_SERVE_PORT: 'x' }, 'CHOIR_SERVE_PORT: "x" is not a whole number from 0 to 65535.'],
  [{ CHOIR_SERVE_BEHIND_PROXY: 'maybe' }, 'CHOIR_SERVE_BEHIND_PROXY: "maybe" has to be true or'],
  [{ CHOIR_SERVE_LOG_LEVEL: 'loud' }, 'CHOIR_SERVE_LOG_LEVEL: "loud" has to be one of'],
])('an environment with %j is refused by its variable', (environment, message) => {
  expect(() => settings({ environment })).toThrow(message);
});

test('a file that is not there is told', () => {
  const given = new Given([], undefined, new Map([['config', ['/nowhere/serve.json']]]));
  expect(() => settingsOf(options, given, {}, {})).toThrow('cannot be read: ENOENT');
});
