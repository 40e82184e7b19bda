/** Standard input, before it is read: of a directory Node.js makes an input that is empty, as if there were nothing to say. */
import { fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { Failure } from '../failure.ts';

/** @throws Failure when the input is a directory */
export function checkInput(input: Readable): void {
  if (!('fd' in input) || typeof input.fd !== 'number') return;
  if (!fstatSync(input.fd).isDirectory()) return;
  throw new Failure('failed', 'Standard input cannot be read: it is a directory.');
}
