/** Tokens that were changed anywhere do not hold, and whatever is shown, the verifier answers. */
import { TokenVerifier } from '@choir/server/tokens';
import { Random } from '@choir/testkit';
import { expect, test } from 'vitest';
import { claims, keysFor, signed } from './tokens.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

test('a token that was changed in any letter does not hold', async () => {
  const keys = await keysFor('EdDSA');
  const settings = { keysFile: keys.file, audience: null };
  const verifier = await TokenVerifier.open(settings, () => undefined);
  const token = await signed(keys, claims());
  expect((await verifier.verify(token)).ok).toBe(true);
  const random = new Random(1);
  const held: string[] = [];
  // The last letter of a signature has bits that mean nothing.
  for (let at = 0; at < token.length - 1; at += 1) {
    const other = random.pick([...letters, '.', ' ', '\0', 'é'].filter((c) => c !== token[at]));
    const changed = token.slice(0, at) + other + token.slice(at + 1);
    if ((await verifier.verify(changed)).ok) held.push(changed);
  }
  for (let cut = 0; cut < token.length - 1; cut += 7) {
    if ((await verifier.verify(token.slice(0, cut))).ok) held.push(`cut at ${cut}`);
  }
  expect(held).toEqual([]);
});

test('whatever is shown as a token is answered, and does not hold', async () => {
  const keys = await keysFor('HS256');
  const settings = { keysFile: keys.file, audience: 'here' };
  const verifier = await TokenVerifier.open(settings, () => undefined);
  const random = new Random(2);
  const piece = (): string => {
    if (random.chance(0.3))
      return Buffer.from(random.bytes(random.int(0, 40))).toString('base64url');
    const json = random.pick([
      '{}',
      '[]',
      'null',
      '1',
      '{"alg":"HS256"}',
      '{"alg":1}',
      '{"alg":',
      '',
    ]);
    return Buffer.from(json).toString('base64url');
  };
  for (let n = 0; n < 3_000; n += 1) {
    const token = Array.from({ length: random.int(0, 6) }, piece).join(
      random.pick(['.', '..', '']),
    );
    expect(await verifier.verify(token), token).toMatchObject({ ok: false, expired: false });
  }
});

test('claims of any form are answered', async () => {
  const keys = await keysFor('HS256');
  const settings = { keysFile: keys.file, audience: null };
  const verifier = await TokenVerifier.open(settings, () => undefined);
  const odd = [null, 0, -1, 1e308, '', 'x', [], {}, [null], [{}], [{ groups: 1 }], true];
  for (const name of ['sub', 'exp', 'nbf', 'iat', 'aud', 'choir']) {
    for (const value of odd) {
      const token = await signed(keys, claims({ [name]: value })).catch(() => null);
      if (token === null) continue;
      const verdict = await verifier.verify(token);
      if (!verdict.ok) continue;
      // What holds is whole: a subject, a time that can be waited for, grants that are some.
      expect(verdict.subject).not.toBe('');
      expect(Number.isSafeInteger(Math.ceil(verdict.expiresInMs))).toBe(true);
      expect(verdict.grants.every(({ verbs }) => verbs.length > 0)).toBe(true);
    }
  }
});
