import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** The input is not there, or not what its format says. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

export const whereToGetInput = `The recordings are not part of this project. They come from:
  --format irc            github.com/jkkummerfeld/irc-disentanglement, data/*/*.raw.txt
  --format editing-trace  github.com/josephg/editing-traces, concurrent_traces/friendsforever.json.gz
Small ones to try with: examples/replay/test/data/`;

/** A file as text; gzip is unpacked. Bytes that are not UTF-8 are taken as Latin-1, as logs are. */
export function readInput(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes);
  } catch (error) {
    throw new InputError(`${file} cannot be read: ${message(error)}`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
