/** The file with the keys of a cluster, as `--key` names it. */
import { access } from 'node:fs/promises';
import { type ClusterKey, DriverError, readKeys } from '@choir/drivers/envelope';
import { Failure } from '../failure.ts';

/** What makes such a file. */
export const makingKeys = `echo "1 $(openssl rand -hex 32)" > cluster.key; chmod 600 cluster.key`;

/** @throws Failure when there is no such file, others can read it, or it holds something else */
export async function clusterKeys(path: string): Promise<readonly ClusterKey[]> {
  const isThere = await access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  if (!isThere) {
    const text = `--key: there is no file ${path}.`;
    throw new Failure('gate', text, `Make one: ${makingKeys}`, 'All members have the same.');
  }
  try {
    return await readKeys(path);
  } catch (error) {
    throw error instanceof DriverError ? new Failure('gate', error.message) : error;
  }
}
