/** A1, A2: where a server listens, and over what. */
import { EventEmitter, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { followCertificate, readCertificate } from '../../src/gate/certificate.ts';
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
  const server = createServer(readCertificate(files)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const noticed = new EventEmitter();
  const end = followCertificate(server, files, (text) => noticed.emit('notice', text), 20);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const until = async (text: string): Promise<void> => {
    for (;;) if (String((await once(noticed, 'notice'))[0]).includes(text)) return;
  };
  const next = certificateFor('second');
  const broken = until('The older one stays in use.');
  writeFileSync(files.certificateFile, 'none');
  await broken;
  expect(await shownName(address.port)).toBe('first');
  const mended = until('was read again');
  writeFileSync(files.keyFile, next.key);
  writeFileSync(files.certificateFile, next.cert);
  await mended;
  expect(await shownName(address.port)).toBe('second');
  end();
  server.close();
});
