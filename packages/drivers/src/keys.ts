/**
 * Cluster keys: who holds one is let in. The file has a line for each: its id (1 … 65,535), a space, and 32 bytes in
 * hexadecimal or base64. The last line is the key that is used for sending, all of them are accepted. To change the key
 * without a stop: put the new one above the old everywhere, then move it to the end everywhere, then remove the old.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
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
  let text: string;
  try {
    const file = await open(path, constants.O_RDONLY);
    try {
      const { mode, size } = await file.stat();
      if ((mode & othersMode) !== 0) {
        throw refusal(path, 'others than its owner can read it', `chmod 600 ${path}`);
      }
      if (size > fileBytesMax)
        throw refusal(path, 'it is too long', `keep ${keysMax} keys at most`);
      text = await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof DriverError) throw error;
    throw refusal(
      path,
      (error as Error).message,
      `make one by: (umask 077; echo "1 $(openssl rand -hex 32)" > ${path})`,
    );
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const keys = lines.map((line) => {
    const key = keyOf(line.trim());
    if (key !== null) return key;
    // What is wrong with it is not shown: it may be most of a key.
    throw refusal(path, 'a line is no key', 'write an id (1 … 65,535), a space, 32 bytes in hex');
  });
  checkKeys(keys);
  return keys;
}

/** @throws DriverError `drivers-key` when there is none, one is no key, or two have one id */
export function checkKeys(keys: readonly ClusterKey[]): void {
  const ids = new Set(keys.map(({ id }) => id));
  const isRight = ({ id, key }: ClusterKey) =>
    Number.isInteger(id) && id >= 1 && id <= idMax && key.length === keyBytes;
  if (keys.length >= 1 && keys.length <= keysMax && ids.size === keys.length && keys.every(isRight))
    return;
  throw new DriverError(
    'drivers-key',
    `There must be 1 to ${keysMax} keys of ${keyBytes} bytes, each with an id of its own (1 … ${idMax}).`,
  );
}

function keyOf(line: string): ClusterKey | null {
  const [, id, text] = /^(\d{1,5})\s+(\S+)$/.exec(line) ?? [];
  if (id === undefined || text === undefined) return null;
  if (/^[0-9a-f]{64}$/i.test(text)) return { id: Number(id), key: Buffer.from(text, 'hex') };
  if (!/^[A-Za-z0-9+/]{43}=?$/.test(text)) return null;
  return { id: Number(id), key: Buffer.from(text, 'base64') };
}

function refusal(path: string, cause: string, remedy: string): DriverError {
  return new DriverError(
    'drivers-key',
    `The key file ${path} is refused: ${cause}. Mend it: ${remedy}.`,
  );
}
