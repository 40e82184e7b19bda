/** The file with the keys of a cluster, as `--key` names it. */
import { access } from 'node:fs/promises';
import { type ClusterKey, DriverError, readKeys } from '@choir/drivers/envelope';
import { Failure } from '../failure.ts';

/** What makes such a file. */
export const makingKeys = `echo "1 $(openssl rand -hex 32)" > cluster.key; chmod 600 cluster.key`;

/** Where there is no such file: what whoever joins is to do. */
export const joinersRemedy = [`Make one: ${makingKeys}`, 'All members have the same.'] as const;

/**
 * @param absent what is to be done when there is no such file, in sentences
 * @throws Failure when there is no such file, others can read it, or it holds something else
 */
export async function clusterKeys(
  path: string,
  absent: readonly string[],
): Promise<readonly ClusterKey[]> {
  const isThere = await access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  if (!isThere) {
    const text = `--key: there is no file ${path}.`;
    throw new Failure('gate', text, ...absent);
  }
  try {
    return await readKeys(path);
  } catch (error) {
    throw error instanceof DriverError ? new Failure('gate', error.message) : error;
  }
}
