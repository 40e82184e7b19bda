/** A1, A2: where a server listens, and over what. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { followCertificate } from '../../src/gate/certificate.ts';
import { exposureProblem } from '../../src/gate/listening.ts';
import { RawClient } from '../websocket/raw-client.ts';
import { running, temporaryFolder } from '../websocket/running.ts';
import { certificateFor, type Made } from './certificates.ts';
import { keysFor, signed } from './tokens.ts';

function tlsFiles({ cert, key }: Made) {
  const folder = temporaryFolder();
  const files = { certificateFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  writeFileSync(files.certificateFile, cert);
  writeFileSync(files.keyFile, key);
  return files;
}

/** The name in the certificate that a server shows. */
async function shownName(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

test('host × keys × TLS × proxy: nothing is answered beyond this machine without all it needs', () => {
  const refused: string[] = [];
  for (const host of ['127.0.0.1', '127.9.8.7', 'localhost', '::1', '0.0.0.0', '::', '192.0.2.1']) {
    for (const hasKeys of [false, true]) {
      for (const hasTls of [false, true]) {
        for (const behindProxy of [false, true]) {
          const problem = exposureProblem({ host, hasKeys, hasTls, behindProxy });
          const isHere = /^(127|local|::1)/.test(host);
          const good = hasKeys ? isHere || hasTls || behindProxy : isHere && !behindProxy;
          expect({ host, hasKeys, hasTls, behindProxy, good: problem === null }).toMatchObject({
            good,
          });
          if (problem !== null) refused.push(`${problem.message} ${problem.remedy}`);
        }
      }
    }
  }
  for (const told of refused) expect(told).toMatch(/--token-keys|--tls-cert/);
});

test('a server that would let everybody in does not start, nor touch the data', async () => {
  const failure = await running({ host: '0.0.0.0' }).catch((error) => error);
  expect(failure).toMatchObject({ name: 'ServeError', code: 'UNGUARDED' });
});

test('over TLS a client comes in with its token, and without TLS it does not', async () => {
  const keys = await keysFor('EdDSA');
  const made = certificateFor('localhost');
  const tokens = { keysFile: keys.file, audience: null };
  const { url, port } = await running({ tokens, tls: tlsFiles(made), host: '0.0.0.0' });
  expect(url).toBe(`wss://0.0.0.0:${port}`);
  const client = await RawClient.connect(`wss://127.0.0.1:${port}`, { ca: made.cert });
  client.send({ kind: 'credentials', token: await signed(keys) });
  client.hello('ann');
  await client.until('welcome');
  client.close();
  const plain = new WebSocket(`ws://127.0.0.1:${port}`);
  const [error] = await once(plain, 'error');
  expect(error).toBeInstanceOf(Error);
});

test('a certificate that cannot be used is told at the start', async () => {
  const files = tlsFiles({ ...certificateFor('one'), key: certificateFor('two').key });
  const failure = await running({ tls: files }).catch((error) => error);
  expect(failure).toMatchObject({ code: 'CERTIFICATE' });
});

test('a certificate is read again when its files change; a broken one changes nothing', async () => {
  const files = tlsFiles(certificateFor('first'));
  const { port } = await running({ tls: files });
  expect(await shownName(port)).toBe('first');
  const notices: string[] = [];
  // The server's own look comes every few seconds: the same on a server of its own, faster.
  const { createServer } = await import('node:https');
  const { readCertificate } = await import('../../src/gate/certificate.ts');
  const server = createServer(readCertificate(files)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const end = followCertificate(server, files, (text) => notices.push(text), 20);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const until = async (text: string): Promise<void> => {
    while (notices.at(-1)?.includes(text) !== true) await passed(20);
  };
  const next = certificateFor('second');
  writeFileSync(files.certificateFile, 'none');
  await until('The older one stays in use.');
  expect(await shownName(address.port)).toBe('first');
  writeFileSync(files.keyFile, next.key);
  writeFileSync(files.certificateFile, next.cert);
  await until('was read again');
  expect(await shownName(address.port)).toBe('second');
  end();
  server.close();
});
