/** Keys and tokens of tests: good ones, and every way in which one can be bad. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Algorithm } from '@choir/server';
import { makeKeys } from '@choir/server/tokens';
import { importJWK, type JWTPayload, SignJWT } from 'jose';
import { temporaryFolder } from '../websocket/running.ts';

export type Keys = {
  readonly secret: Awaited<ReturnType<typeof makeKeys>>['secret'];
  readonly public: Awaited<ReturnType<typeof makeKeys>>['public'];
  readonly algorithm: Algorithm;
  /** What a server reads: the public half, or the secret where there is no other. */
  readonly file: string;
};

export async function keysFor(algorithm: Algorithm): Promise<Keys> {
  const made = await makeKeys(algorithm);
  const file = join(temporaryFolder(), 'keys.json');
  writeFileSync(file, JSON.stringify(made.public ?? made.secret));
  return { ...made, algorithm, file };
}

export function seconds(): number {
  return Math.floor(Date.now() / 1_000);
}

type Changes = { readonly [name: string]: unknown };

/** Claims that hold, with changes. */
export function claims(changes: Changes = {}): JWTPayload {
  const all = { groups: '*', verbs: ['*'] };
  const good = { sub: 'ann@home', exp: seconds() + 600, choir: [all] };
  return { ...good, ...changes };
}

export async function signed(
  keys: Pick<Keys, 'secret' | 'algorithm'>,
  payload: JWTPayload = claims(),
  header: object = {},
): Promise<string> {
  const key = await importJWK(keys.secret, keys.algorithm);
  return new SignJWT(payload).setProtectedHeader({ alg: keys.algorithm, ...header }).sign(key);
}

/** Header and payload as given, with any signature. */
export function assembled(header: object, payload: object, signature = ''): string {
  const parts = [header, payload].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return [...parts, signature].join('.');
}
