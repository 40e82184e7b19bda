import { choir, temporaryFolder } from './choir.ts';
import type { ChoirProcess } from './choir-process.ts';

export type RunningServer = {
  readonly process: ChoirProcess;
  readonly url: string;
  readonly data: string;
};

/** `choir serve` on a free port, or on the one given, with data of the test's own. */
export async function startServer(
  options: { data?: string; port?: number; args?: readonly string[] } = {},
): Promise<RunningServer> {
  const { data = temporaryFolder(), port = 0, args = [] } = options;
  const process = choir(['serve', '--port', `${port}`, '--data', data, '--json', ...args]);
  const { url } = await process.json({ type: 'ready' });
  return { process, url: String(url), data };
}
