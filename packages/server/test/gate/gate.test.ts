/** Who comes in through a real server with keys, and who does not (A3, A4). */
import { createHmac, createPrivateKey, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '@choir/protocol';
import { algorithms } from '@choir/server';
import { issueToken, makeKeys, TokenVerifier } from '@choir/server/tokens';
import { exportSPKI, importJWK } from 'jose';
import { describe, expect, it, test } from 'vitest';
import { RawClient } from '../websocket/raw-client.ts';
import { running, temporaryFolder } from '../websocket/running.ts';
import { assembled, claims, keysFor, seconds, signed } from './tokens.ts';

async function shown(url: string, token: string, name = 'ann'): Promise<RawClient> {
  const client = await RawClient.connect(url);
  client.send({ kind: 'credentials', token });
  client.hello(name);
  return client;
}

/** What a server says to a token: welcome, or why not. */
async function answerTo(url: string, token: string): Promise<string> {
  const client = await shown(url, token);
  await client.untilTrue(() => client.received.some(({ kind }) => isAnswer(kind)), 'an answer');
  const [goodbye] = client.of('goodbye');
  client.close();
  return goodbye === undefined ? 'welcome' : `${goodbye.code}: ${goodbye.message}`;
}

function isAnswer(kind: string): boolean {
  return kind === 'welcome' || kind === 'goodbye';
}

describe.each(algorithms)('a token signed with a key for %s', (algorithm) => {
  it('lets its bearer in, and the server needs only the public half', async () => {
    const keys = await keysFor(algorithm);
    const { url } = await running({ tokens: { keysFile: keys.file, audience: null } });
    const client = await shown(url, await signed(keys));
    const { subject, expiresInMs } = await client.until('authorized');
    expect(subject).toBe('ann@home');
    expect(expiresInMs).toBeGreaterThan(590_000);
    expect(expiresInMs).toBeLessThan(611_000);
    expect((await client.until('welcome')).clientId).toBe('ann');
    client.close();
  });
});

test('no token that does not hold lets anybody in, whatever is wrong with it', async () => {
  const keys = await keysFor('RS256');
  const { url } = await running({ tokens: { keysFile: keys.file, audience: 'choir-test' } });
  const good = claims({ aud: 'choir-test' });
  const stranger = await makeKeys('RS256');
  const kid = keys.secret.kid;
  const [header = '', body = '', signature = ''] = (await signed(keys, good)).split('.');
  const publicKey = await importJWK(keys.public ?? {}, 'RS256');
  if (publicKey instanceof Uint8Array) throw new Error('a secret');
  const asSecret = (secret: string): string => {
    const [h = '', p = ''] = assembled({ alg: 'HS256' }, good).split('.');
    return `${h}.${p}.${createHmac('sha256', secret).update(`${h}.${p}`).digest('base64url')}`;
  };
  const byHand = (head: object): string => {
    const [h = '', p = ''] = assembled(head, good).split('.');
    const key = createPrivateKey({ key: { ...keys.secret }, format: 'jwk' });
    return `${h}.${p}.${sign('sha256', Buffer.from(`${h}.${p}`), key).toString('base64url')}`;
  };
  expect(await answerTo(url, byHand({ alg: 'RS256' }))).toBe('welcome');
  const ownKey = { alg: 'RS256', jwk: stranger.public };
  const tokens: Readonly<Record<string, string>> = {
    nothing: '',
    'no token': 'a.b.c',
    'no JSON': `${Buffer.from('{').toString('base64url')}.e30.e30`,
    'half of one': `${header}.${body}`,
    'without a signature': `${header}.${body}.`,
    'of another key': await signed({ secret: stranger.secret, algorithm: 'RS256' }, good),
    'of another key under our name': await signed(
      { secret: stranger.secret, algorithm: 'RS256' },
      good,
      { kid },
    ),
    'of a key that it brings along': await signed(
      { secret: stranger.secret, algorithm: 'RS256' },
      good,
      ownKey,
    ),
    'with another content under the old signature': `${header}.${
      assembled({}, claims({ sub: 'root', aud: 'choir-test' })).split('.')[1]
    }.${signature}`,
    'with a signature cut short': `${header}.${body}.${signature.slice(0, -4)}`,
    'algorithm none': assembled({ alg: 'none' }, good),
    'algorithm None': assembled({ alg: 'None' }, good),
    'none with the old signature': assembled({ alg: 'none' }, good, signature),
    'HS256 with the public key (PEM)': asSecret(await exportSPKI(publicKey)),
    'HS256 with the public key (JWK)': asSecret(JSON.stringify(keys.public)),
    'HS256 with an empty secret': asSecret(''),
    'an extension that must be understood': byHand({ alg: 'RS256', crit: ['x'], x: 1 }),
    expired: await signed(keys, { ...good, exp: seconds() - 60 }),
    'without an end': await signed(keys, claims({ aud: 'choir-test', exp: undefined })),
    'an end that is no time': assembled({ alg: 'RS256' }, { ...good, exp: 'never' }, signature),
    'not valid yet': await signed(keys, { ...good, nbf: seconds() + 60 }),
    'for another audience': await signed(keys, { ...good, aud: 'another' }),
    'for no audience': await signed(keys, claims()),
    'without a subject': await signed(keys, claims({ aud: 'choir-test', sub: undefined })),
    'an empty subject': await signed(keys, { ...good, sub: '' }),
    'a subject of two lines': await signed(keys, { ...good, sub: 'ann\nroot' }),
    'a subject that is too long': await signed(keys, { ...good, sub: 'x'.repeat(201) }),
    'grants that are no list': await signed(keys, { ...good, choir: 'all' }),
    'a verb that does not exist': await signed(keys, {
      ...good,
      choir: [{ groups: '*', verbs: ['jion'] }],
    }),
    'as long as can be': await signed(keys, good, { x: 'x'.repeat(5_000) }).then((token) =>
      token.slice(0, limits.tokenBytes - 1).concat('A'),
    ),
  };
  const welcomed: string[] = [];
  const answers: Record<string, string> = {};
  for (const [what, token] of Object.entries(tokens)) {
    const answer = await answerTo(url, token);
    answers[what] = answer;
    if (!/^(UNAUTHORIZED|CREDENTIALS_EXPIRED): /.test(answer)) welcomed.push(`${what}: ${answer}`);
  }
  expect(welcomed).toEqual([]);
  expect(answers['expired']).toBe('CREDENTIALS_EXPIRED: The token has expired.');
  expect(answers['not valid yet']).toBe('UNAUTHORIZED: The token is not valid yet.');
  expect(answers['for another audience']).toContain('another audience');
  expect(answers['of another key']).toContain('not signed by a key of this server');
  expect(answers['a verb that does not exist']).toContain('"jion"');
  expect(await answerTo(url, await signed(keys, good))).toBe('welcome');
});

test('a token that is longer than any may be ends the connection before it is looked at', async () => {
  const keys = await keysFor('EdDSA');
  const { url } = await running({ tokens: { keysFile: keys.file, audience: null } });
  const socket = await RawClient.connect(url, { protocol: 'choir.1.json' });
  const token = 'x'.repeat(limits.tokenBytes + 1);
  socket.webSocket.send(JSON.stringify({ kind: 'credentials', token }));
  expect((await socket.until('goodbye')).code).toBe('TOO_LARGE');
});

test('an endless stream before the hello ends the connection while it is still coming', async () => {
  const keys = await keysFor('EdDSA');
  const { url } = await running({ tokens: { keysFile: keys.file, audience: null } });
  const client = await RawClient.connect(url);
  // One frame that is never whole.
  client.webSocket.send(new Uint8Array(100_000), { fin: false });
  expect((await client.until('goodbye')).code).toBe('TOO_LARGE');
});

test('a token for an audience does not hold on a server that has no name', async () => {
  const keys = await keysFor('EdDSA');
  const { url } = await running({ tokens: { keysFile: keys.file, audience: null } });
  expect(await answerTo(url, await signed(keys, claims({ aud: 'another' })))).toContain('audience');
});

test('without a token nobody comes in, nor with the id of somebody else', async () => {
  const keys = await keysFor('EdDSA');
  const { url } = await running({ tokens: { keysFile: keys.file, audience: null } });
  const stranger = await RawClient.connect(url);
  stranger.hello('ann');
  expect((await stranger.until('goodbye')).code).toBe('UNAUTHORIZED');
  const ann = await shown(url, await signed(keys));
  await ann.until('welcome');
  ann.close();
  const bob = await shown(url, await signed(keys, claims({ sub: 'bob@home' })), 'ann');
  expect((await bob.until('goodbye')).code).toBe('WRONG_SECRET');
});

test('a token with a capability for another group does nothing in this one', async () => {
  const keys = await keysFor('EdDSA');
  const { url } = await running({ tokens: { keysFile: keys.file, audience: null } });
  const choir = [{ groups: 'other/*', verbs: ['*'] }];
  const client = await shown(url, await signed(keys, claims({ choir })));
  await client.until('welcome');
  client.join('team/room');
  client.bcast('team/room', 'hello');
  expect((await client.until('request_refused')).code).toBe('FORBIDDEN');
  expect((await client.until('refused')).code).toBe('FORBIDDEN');
  client.close();
});

test('a token that expires ends the living connection; a newer one keeps it (A7)', async () => {
  const keys = await keysFor('EdDSA');
  const { url } = await running({ tokens: { keysFile: keys.file, audience: null } });
  // Within the tolerance for clocks: it has about two seconds left.
  const short = claims({ exp: seconds() - 8 });
  const renewed = await shown(url, await signed(keys, { ...short, sub: 'bob@home' }), 'bob');
  await renewed.until('welcome');
  renewed.send({ kind: 'credentials', token: await signed(keys, claims({ sub: 'bob@home' })) });
  await renewed.until('authorized', 2);
  const client = await shown(url, await signed(keys, short));
  await client.until('welcome');
  const { code, retryAfterMs } = await client.until('goodbye');
  expect({ code, retryAfterMs }).toEqual({ code: 'CREDENTIALS_EXPIRED', retryAfterMs: 0 });
  renewed.send({ kind: 'ping', nonce: 1 });
  await renewed.until('pong');
  renewed.close();
});

test('keys are read again when their file changes; a broken file changes nothing', async () => {
  const keys = await keysFor('EdDSA');
  const newer = await makeKeys('ES256');
  const notices: string[] = [];
  let now = 0;
  const settings = { keysFile: keys.file, audience: null };
  const verifier = await TokenVerifier.open(
    settings,
    (text) => notices.push(text),
    () => now,
  );
  const older = await signed(keys);
  const later = await signed({ secret: newer.secret, algorithm: 'ES256' });
  const hold = async (): Promise<readonly boolean[]> => {
    now += 1_000;
    const verdicts = [await verifier.verify(older), await verifier.verify(later)];
    return verdicts.map(({ ok }) => ok);
  };
  expect(await hold()).toEqual([true, false]);
  writeFileSync(keys.file, '{"keys": [');
  expect(await hold()).toEqual([true, false]);
  expect(notices.at(-1)).toContain('The older keys stay in use.');
  writeFileSync(keys.file, '{"kty": "oct", "k": 12345678}');
  expect(await hold()).toEqual([true, false]);
  expect(notices.at(-1)).toContain('is no text');
  writeFileSync(keys.file, JSON.stringify({ keys: [newer.public] }));
  expect(await hold()).toEqual([false, true]);
});

test('a server does not start with keys that it cannot use, and says why', async () => {
  const folder = temporaryFolder();
  const secret = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64url');
  const files: Readonly<Record<string, [content: string | null, why: string]>> = {
    missing: [null, 'cannot be read'],
    empty: ['', 'holds no JSON Web Key'],
    none: ['{"keys": []}', 'holds no JSON Web Key'],
    short: [JSON.stringify({ kty: 'oct', k: secret(31) }), 'shorter than 32 bytes'],
    number: [JSON.stringify({ kty: 'oct', k: 12_345_678 }), 'Its secret is no text'],
    curve: [JSON.stringify({ kty: 'EC', crv: 'secp256k1', x: '', y: '' }), 'EC secp256k1'],
    mismatch: [JSON.stringify({ kty: 'oct', k: secret(32), alg: 'RS256' }), 'It is for RS256'],
    broken: [JSON.stringify({ kty: 'RSA', n: 'AQAB' }), 'is not whole'],
  };
  for (const [name, [content, why]] of Object.entries(files)) {
    const keysFile = join(folder, name);
    if (content !== null) writeFileSync(keysFile, content);
    const failure = await running({ tokens: { keysFile, audience: null } }).catch((error) => error);
    expect({ name, code: failure.code, message: failure.message }).toMatchObject({
      name,
      code: 'KEYS',
      message: expect.stringContaining(why),
    });
  }
});

test('tokens that are issued here hold here', async () => {
  const made = await makeKeys('EdDSA');
  const folder = temporaryFolder();
  const [secretFile, publicFile] = [join(folder, 'secret.json'), join(folder, 'public.json')];
  writeFileSync(secretFile, JSON.stringify(made.secret));
  writeFileSync(publicFile, JSON.stringify(made.public));
  const content = {
    subject: 'ann@home',
    grants: [{ groups: 'team/*', verbs: ['join', 'broadcast'] as const }],
    forMs: 60_000,
    audience: 'here',
  };
  const token = await issueToken(secretFile, content);
  const { url } = await running({ tokens: { keysFile: publicFile, audience: 'here' } });
  expect(await answerTo(url, token)).toBe('welcome');
  await expect(issueToken(publicFile, content)).rejects.toThrow('signs none');
});
