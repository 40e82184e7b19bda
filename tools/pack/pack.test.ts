/** What is packed is what other projects can use. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Application } from './application.ts';
import { products } from './products.ts';
import { packed } from './staged.ts';

const application = new Application();
beforeAll(() => application.install(), 60_000);
afterAll(() => application.remove());

const program = `
import { ChoirError, connect, type OutboxStore } from '@choir/client';
import { FileOutbox } from '@choir/client/node';
const outbox: OutboxStore = await FileOutbox.open('ann.outbox');
const client = connect('ws://127.0.0.1:1', { outbox, name: 'Ann' });
const sent = client.broadcast('lobby', 'hello');
const pending: number = client.pending;
await client.close();
const code = await sent.catch((error: unknown) => (error instanceof ChoirError ? error.code : error));
console.log(pending, code);
`;

test('Node.js runs it from below node_modules', () => {
  application.write('program.ts', program);
  expect(application.run('program.ts')).toBe('1 CLOSED\n');
});

const strict = ['--ignoreConfig', '--noEmit', '--strict', '--exactOptionalPropertyTypes'];
const environment = ['--target', 'es2023', '--lib', 'es2023,dom,dom.iterable', '--types', ''];
const resolutions = [
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
] as const;

test.each(resolutions)('its declarations hold in a strict project (%s, %s)', (module, how) => {
  const options = [...strict, ...environment, '--module', module, '--moduleResolution', how];
  const check = (file: string) => application.tool('typescript/bin/tsc', ...options, file);
  application.write('right.ts', program);
  expect(check('right.ts')).toBe('');
  application.write('wrong.ts', program.replace('pending: number', 'pending: string'));
  expect(() => check('wrong.ts')).toThrow(
    expect.objectContaining({ stdout: expect.stringContaining('wrong.ts(7,7): error TS2322') }),
  );
});

test('vite bundles it for a page, with nothing of Node.js', () => {
  application.write('index.html', '<script type="module" src="./page.js"></script>');
  application.write(
    'page.js',
    "import { connect } from '@choir/client';\n" +
      "import { BrowserOutbox } from '@choir/client/browser';\n" +
      'globalThis.start = async () => connect(location.href, { outbox: await BrowserOutbox.open("a") });\n',
  );
  application.tool('vite/bin/vite.js', 'build', '--logLevel', 'error');
  const assets = join(application.folder, 'dist/assets');
  const [bundle = ''] = readdirSync(assets);
  const code = readFileSync(join(assets, bundle), 'utf8');
  expect(code).toContain('OUTBOX_IN_USE');
  expect(code).not.toContain('node:');
});

const member = `
import { type GroupView, joinGroup, ReplicatedMap } from '@choir/process-group';
const scores = new ReplicatedMap<number>();
const group = await joinGroup('lobby', { label: 'ann', replicas: { scores }, directory: './runtime' });
const { version }: { readonly version: number } = await scores.set('ann', 7);
const views: GroupView[] = [];
for await (const event of group) {
  if (event.kind === 'view') views.push(event.view);
  break;
}
console.log(version, scores.get('ann'), views.map(({ members }) => members.map(({ label }) => label)));
await group.leave();
`;

test('process groups run from below node_modules, with their thread', { timeout: 60_000 }, () => {
  application.write('member.ts', member);
  expect(application.run('member.ts')).toBe("1 7 [ [ 'ann' ] ]\n");
});

test('the declarations of process groups hold in a strict project', () => {
  const roots = ['--typeRoots', join(import.meta.dirname, '../../node_modules/@types')];
  const language = ['--target', 'es2023', '--lib', 'es2024', '--types', 'node', ...roots];
  const options = [...strict, ...language, '--module', 'nodenext'];
  const check = (file: string) => application.tool('typescript/bin/tsc', ...options, file);
  application.write('member.ts', member);
  expect(check('member.ts')).toBe('');
  application.write('stranger.ts', member.replace('<number>', '<string>'));
  expect(() => check('stranger.ts')).toThrow(
    expect.objectContaining({ stdout: expect.stringContaining('error TS2345') }),
  );
});

test.each(products)('$name exports what the sources do, but for what is inside', (product) => {
  const { name, entries } = product;
  const manifest = readFileSync(join(import.meta.dirname, `../../packages/${name}/package.json`));
  const { exports } = packed(JSON.parse(manifest.toString()), entries);
  expect(Object.keys(exports)).toEqual(entries);
});
