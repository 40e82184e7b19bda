/**
 * Cluster keys: who holds one is let in. The file has a line for each: its id (1 … 65,535), a space, and 32 bytes in
 * hexadecimal or base64. The last line is the key that is used for sending, all of them are accepted. To change the key
 * without a stop: put the new one above the old everywhere, then move it to the end everywhere, then remove the old.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { DriverError } from './driver-error.ts';

export type ClusterKey = { readonly id: number; readonly key: Uint8Array };

const keyBytes = 32;
const keysMax = 16;
const idMax = 65_535;
const fileBytesMax = 4_096;
const othersMode = 0o077;

/**
 * Reads a key file. Only its owner may be able to read it.
 *
 * @returns 1 to 16 keys; the last one is for sending
 * @throws DriverError `drivers-key` when it cannot be read, others can read it, or it holds something else
 */
export async function readKeys(path: string): Promise<readonly ClusterKey[]> {
  try {
    const file = await open(path, constants.O_RDONLY);
    try {
      const stat = await file.stat();
      if (stat.isDirectory()) throw refusal(path, 'it is a directory', 'give a file');
      const keys = keysIn(await beginning(file), path);
      // Only of what holds keys: whatever else others can read, they may need to.
      if ((stat.mode & othersMode) === 0) return keys;
      throw refusal(path, 'others than its owner can read it', `chmod 600 ${path}`);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof DriverError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const make = `make one by: (umask 077; echo "1 $(openssl rand -hex 32)" > ${path})`;
    throw refusal(path, message, code === 'ENOENT' ? make : 'give one that this user can read');
  }
}

/** No more than a byte too many of it, whatever it is. */
async function beginning(file: FileHandle): Promise<Buffer> {
  const buffer = Buffer.alloc(fileBytesMax + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** What is wrong with it is not shown: it may be most of a key. @throws DriverError `drivers-key` */
function keysIn(content: Buffer, path: string): readonly ClusterKey[] {
  const line = `an id (1 … ${idMax}), a space, and ${keyBytes} bytes in hex`;
  if (content.length > fileBytesMax) {
    throw refusal(path, 'it is too long', `give one of ${keysMax} keys at most`);
  }
  const lines = content.toString('utf8').split('\n');
  const written = lines.map((text) => text.trim()).filter((text) => text !== '');
  const keys = written.map((text) => {
    const key = keyOf(text);
    if (key !== null) return key;
    throw refusal(path, 'a line is no key', `give one that has in each line ${line}`);
  });
  if (keys.length === 0) {
    throw refusal(path, 'it is empty', `write the keys that all have, in each line ${line}`);
  }
  if (keys.length > keysMax) {
    throw refusal(path, `it has ${keys.length} keys`, `keep ${keysMax} at most`);
  }
  const twice = keys.find(({ id }, at) => keys.findIndex((key) => key.id === id) !== at);
  if (twice === undefined) return keys;
  throw refusal(path, `two of its keys have the id ${twice.id}`, 'give each an id of its own');
}

/** @throws DriverError `drivers-key` when there is none, one is no key, or two have one id */
export function checkKeys(keys: readonly ClusterKey[]): void {
  const ids = new Set(keys.map(({ id }) => id));
  const isRight = ({ id, key }: ClusterKey) =>
    Number.isInteger(id) &&
    id >= 1 &&
    id <= idMax &&
    key instanceof Uint8Array &&
    key.length === keyBytes;
  if (keys.length >= 1 && keys.length <= keysMax && ids.size === keys.length && keys.every(isRight))
    return;
  throw new DriverError(
    'drivers-key',
    `There must be 1 to ${keysMax} keys of ${keyBytes} bytes, each with an id of its own (1 … ${idMax}).`,
  );
}

function keyOf(line: string): ClusterKey | null {
  const [, digits, text] = /^(\d{1,5})\s+(\S+)$/.exec(line) ?? [];
  const id = Number(digits);
  if (text === undefined || id < 1 || id > idMax) return null;
  if (/^[0-9a-f]{64}$/i.test(text)) return { id, key: Buffer.from(text, 'hex') };
  if (!/^[A-Za-z0-9+/]{43}=?$/.test(text)) return null;
  return { id, key: Buffer.from(text, 'base64') };
}

function refusal(path: string, cause: string, remedy: string): DriverError {
  return new DriverError(
    'drivers-key',
    `The key file ${path} is refused: ${cause}. Mend it: ${remedy}.`,
  );
}
