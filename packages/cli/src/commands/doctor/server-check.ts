/** A running server, asked as a client asks it. */
import { ChoirError, connect, type ServerStatus, type TokenSource } from '@choir/client';
import { version } from '../../version.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

export async function checkServer(
  url: string,
  { timeoutMs, token }: { readonly timeoutMs: number; readonly token: TokenSource | undefined },
): Promise<readonly Finding[]> {
  const shown = token === undefined ? {} : { token };
  const client = connect([url], { ...shown, agent: 'choir doctor' });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeoutMs);
  });
  try {
    const status = await Promise.race([client.status(), late]);
    return status === null ? [unreachable(url)] : [writable(url, status), sameVersion(status)];
  } catch (error) {
    return [refused(url, error)];
  } finally {
    clearTimeout(timer);
    await client.close();
  }
}

function unreachable(url: string): Finding {
  const remedy = 'Start it (choir serve), name the right --server, or let the firewall pass it.';
  return fail('server', `Nobody answers at ${url}.`, remedy);
}

function refused(url: string, error: unknown): Finding {
  const code = error instanceof ChoirError ? error.code : 'failed';
  const { message } = error as Error;
  if (code === 'UNAUTHORIZED') {
    const found = `${url} answers and wants a token: ${message}`;
    return warn('server', found, 'Give one with --token-file, so that more can be asked.');
  }
  return fail('server', `${url}: ${code}: ${message}`, 'See what the server has logged.');
}

function writable(
  url: string,
  { writable: takes, why, groups, connections }: ServerStatus,
): Finding {
  if (!takes) return fail('server', `${url} takes no messages: ${why}`, 'See what it has logged.');
  return ok('server', `${url} takes messages; ${groups} groups, ${connections} connections.`);
}

function sameVersion({ version: served }: ServerStatus): Finding {
  const own = version();
  if (served === own) return ok('versions', `${own}, here and there`);
  return warn('versions', `${own} here, ${served} there.`, 'Update the older one.');
}
