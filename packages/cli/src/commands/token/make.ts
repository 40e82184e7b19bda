/** `choir token make`: a key that signs, and beside it the half that verifies. */
import { writeFileSync } from 'node:fs';
import { type Algorithm, algorithms } from '@choir/server';
import type { Given } from '../../arguments/given.ts';
import { usage } from '../../arguments/values.ts';
import type { ExitCode } from '../../exit-code.ts';
import { Failure } from '../../failure.ts';
import type { Output } from '../../output/output.ts';

const ownerOnly = 0o600;
const readable = 0o644;

export async function make(given: Given, output: Output): Promise<ExitCode> {
  const file = given.word(1, 'FILE');
  const algorithm = algorithmOf(given.text('algorithm') ?? 'EdDSA');
  const { makeKeys } = await import('@choir/server/tokens');
  const keys = await makeKeys(algorithm);
  write(file, keys.secret, ownerOnly);
  const shared = keys.public === null ? null : publicName(file);
  if (shared !== null) write(shared, keys.public, readable);
  const verifies = shared ?? file;
  const width = verifies.length;
  const lines = [
    `${file.padEnd(width)}  signs tokens: keep it to yourself`,
    ...(shared === null ? [] : [`${shared}  verifies them`]),
    `To use it: choir serve --token-keys ${verifies}`,
  ];
  output.result({ type: 'keys', signs: file, verifies }, lines.join('\n'));
  return 'done';
}

function algorithmOf(text: string): Algorithm {
  const found = algorithms.find((each) => each === text);
  if (found !== undefined) return found;
  throw usage(`--algorithm: "${text}" is not one of ${algorithms.join(', ')}.`);
}

/** `keys.json` is `keys.public.json`. */
function publicName(file: string): string {
  return file.endsWith('.json') ? `${file.slice(0, -5)}.public.json` : `${file}.public`;
}

/** Never over what is there: a key that is gone would end everything that it signed. */
function write(file: string, key: unknown, mode: number): void {
  try {
    writeFileSync(file, `${JSON.stringify(key, null, 2)}\n`, { mode, flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new Failure('gate', `${file} is there already.`, 'Name another file, or move it away.');
    }
    throw new Failure('gate', `${file} cannot be written: ${message}.`);
  }
}
