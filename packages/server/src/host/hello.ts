/** The beginning of a connection: who it is, and the command that attaches it. */
import { utf8Of } from '@choir/bytes';
import type { Command } from '@choir/groups';
import {
  type ClientId,
  type FromClient,
  limits,
  PROTOCOL_VERSION,
  parseClientId,
} from '@choir/protocol';
import type { Ending } from './connection.ts';

/** What the pure host cannot do by itself. */
export type Cryptography = {
  readonly randomBytes: (count: number) => Uint8Array;
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
};

type Hello = Extract<FromClient, { kind: 'hello' }>;
export type Judged =
  | { readonly ok: true; readonly attach: Extract<Command, { kind: 'attach' }> }
  | { readonly ok: false; readonly ending: Ending };

/** `subject`: of the credentials; null where none are asked for. */
export function judgeHello(
  hello: Hello,
  subject: string | null,
  cryptography: Cryptography,
): Judged {
  // A newer one speaks this version as well, or it would not have said hello in it (V4).
  if (hello.version < PROTOCOL_VERSION) {
    const message = `This server speaks version ${PROTOCOL_VERSION}, the client ${hello.version}.`;
    return { ok: false, ending: { code: 'VERSION', message } };
  }
  if (hello.secret.length < limits.secretBytesMin) {
    const message = `The secret is shorter than ${limits.secretBytesMin} bytes.`;
    return { ok: false, ending: { code: 'MALFORMED', message } };
  }
  const client = hello.clientId ?? issueClientId(cryptography);
  const secretHash = cryptography.sha256(proof(hello.secret, subject));
  return { ok: true, attach: { kind: 'attach', client, secretHash } };
}

/** The secret and the subject, which has no byte 0: an id belongs to both (gate.md, A4). */
function proof(secret: Uint8Array, subject: string | null): Uint8Array {
  const name = subject === null ? null : utf8Of(subject);
  if (name === null) return secret;
  const both = new Uint8Array(secret.length + 1 + name.length);
  both.set(secret);
  both.set(name, secret.length + 1);
  return both;
}

const digits = 'abcdefghijklmnopqrstuvwxyz234567';
/** Eighty random bits: no two are ever the same. */
const issuedDigits = 16;

function issueClientId({ randomBytes }: Cryptography): ClientId {
  let text = 'c-';
  for (const byte of randomBytes(issuedDigits)) text += digits[byte % digits.length];
  const client = parseClientId(text);
  if (client === null) throw new Error(`"${text}" is not a client id.`);
  return client;
}
