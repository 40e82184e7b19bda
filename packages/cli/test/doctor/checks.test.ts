import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDirectory } from '../../src/commands/doctor/data-checks.ts';
import { checkSecrets } from '../../src/commands/doctor/secret-checks.ts';
import { checkClock, checkNode } from '../../src/commands/doctor/system-checks.ts';
import { choir, run, temporaryFolder } from '../running/choir.ts';

const none = { certificate: undefined, privateKey: undefined, tokenKeys: undefined };
const now = Date.now();

test('a clock behind the journal is told', () => {
  const data = temporaryFolder();
  expect(checkClock(data, now).status).toBe('ok');
  writeFileSync(join(data, 'journal.head'), '');
  utimesSync(join(data, 'journal.head'), now / 1_000 + 3_600, now / 1_000 + 3_600);
  expect(checkClock(data, now)).toMatchObject({ status: 'warn' });
  expect(checkClock(data, 0)).toMatchObject({ status: 'fail' });
});

test('a Node.js that runs it only as an experiment is told', () => {
  expect(checkNode('26.1.0').status).toBe('ok');
  expect(checkNode('22.18.0').status).toBe('warn');
});

test('a file in the place of the data directory is told', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(checkDirectory(file)).toMatchObject({ status: 'fail', remedy: expect.any(String) });
});

test('certificates and keys are read, matched, and judged by their dates', async () => {
  const folder = temporaryFolder();
  const [certificate, privateKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const other = join(folder, 'other.pem');
  const make = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const rest = ['-subj', '/CN=localhost', '-days', '90'];
  execFileSync('openssl', [...make, '-keyout', privateKey, '-out', certificate, ...rest], {
    stdio: 'ignore',
  });
  execFileSync('openssl', [...make, '-keyout', other, '-out', join(folder, 'x'), ...rest], {
    stdio: 'ignore',
  });
  // The certificate is not valid before it was made.
  const statuses = async (files: object, at = Date.now()) =>
    (await checkSecrets({ ...none, ...files }, at)).map(
      ({ check, status }) => `${check} ${status}`,
    );
  const day = 86_400_000;
  chmodSync(privateKey, 0o600);
  expect(await statuses({ certificate, privateKey })).toEqual(['tls ok', 'tls key ok']);
  expect(await statuses({ certificate, privateKey }, now + 80 * day)).toContain('tls warn');
  expect(await statuses({ certificate, privateKey }, now + 99 * day)).toContain('tls fail');
  expect(await statuses({ certificate, privateKey }, now - day)).toContain('tls fail');
  expect(await statuses({ certificate, privateKey: other })).toContain('tls fail');
  expect(await statuses({ certificate })).toEqual(['tls fail']);
  chmodSync(privateKey, 0o644);
  expect(await statuses({ certificate, privateKey })).toContain('tls key warn');
  const missing = join(folder, 'none');
  expect(await statuses({ certificate, privateKey: missing })).toContain('tls key fail');
});

test('keys of tokens that cannot be used are told', async () => {
  const folder = temporaryFolder();
  const tokenKeys = join(folder, 'keys.json');
  writeFileSync(tokenKeys, '{"keys":[]}', { mode: 0o600 });
  const [finding] = await checkSecrets({ ...none, tokenKeys }, now);
  expect(finding).toMatchObject({ check: 'token keys', status: 'fail' });
});

test('with --json each check is an object', async () => {
  const data = join(temporaryFolder(), 'data');
  mkdirSync(data, { mode: 0o700 });
  const { code, stdout } = await run(['doctor', '--data', data, '--json'], {
    environment: { CHOIR_SERVE_PORT: '0' },
  });
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(code).toBe(0);
  expect(lines.map(({ type }) => type)).toEqual(lines.map(() => 'check'));
  expect(lines.find(({ check }) => check === 'data')).toMatchObject({ status: 'ok', found: data });
});

test('a server with a certificate and keys is found, and asks for a token', async () => {
  const folder = temporaryFolder();
  const [cert, key, keys] = ['cert.pem', 'key.pem', 'keys.json'].map((name) => join(folder, name));
  const make = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const subject = ['-subj', '/CN=choir.example', '-days', '90'];
  execFileSync('openssl', [...make, '-keyout', `${key}`, '-out', `${cert}`, ...subject], {
    stdio: 'ignore',
  });
  expect((await run(['token', 'make', `${keys}`])).code).toBe(0);
  const settings = join(folder, 'serve.json');
  const write = (port: number) =>
    writeFileSync(
      settings,
      JSON.stringify({ port, data: 'data', 'tls-cert': cert, 'tls-key': key, 'token-keys': keys }),
    );
  write(0);
  const server = choir(['serve', '--config', settings, '--json']);
  const { url } = await server.json({ type: 'ready' });
  write(Number(new URL(String(url)).port));
  const { code, stdout } = await run(['doctor', '--config', settings]);
  expect(code, stdout).toBe(0);
  expect(stdout).toMatch(/^ok +tls +.* valid for 8\d more days$/m);
  expect(stdout).toMatch(/^ok +token keys /m);
  expect(stdout).toMatch(/^ok +port +.* a Choir server answers and takes messages\.$/m);
});

test.each([
  [
    { CHOIR_SERVE_HOST: '0.0.0.0' },
    'fail  exposure    Without keys a server answers this machine only',
  ],
  [{ CHOIR_SERVE_TLS_CERT: 'cert.pem' }, 'fail  settings    --tls-cert and --tls-key go together'],
])('settings with which choir serve would not start are told: %j', async (more, told) => {
  const data = join(temporaryFolder(), 'data');
  const environment = { CHOIR_SERVE_PORT: '0', ...more };
  const { code, stdout } = await run(['doctor', '--data', data], { environment });
  expect({ code, told: stdout.includes(told) }, stdout).toEqual({ code: 30, told: true });
});
