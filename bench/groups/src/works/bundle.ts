/** What a browser loads of a client, with the bundler of the console. */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';
import type { PeerName } from '../load/task.ts';
import { atMost, type Work } from '../work.ts';

const entries: Partial<Record<PeerName, string>> = {
  choir: '../bundled/choir.ts',
  'socket.io': '../bundled/socket-io.ts',
};
const root = fileURLToPath(new URL('../..', import.meta.url));

export const bundle: Work = {
  name: 'bundle',
  summary: 'the client for browsers, bundled and gzipped',
  metrics: [{ name: 'gzipped', unit: 'kB', better: 'less', target: atMost(20) }],
  peers: ['socket.io'],
  measure: async (peer) =>
    new Map([['gzipped', (await bundledBytes(entries[peer] ?? '')) / 1_000]]),
};

async function bundledBytes(entry: string): Promise<number> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      target: 'es2023',
      write: false,
      minify: true,
      // As part of a page, where everything is made small; a library keeps its white space.
      rolldownOptions: {
        input: fileURLToPath(new URL(entry, import.meta.url)),
        preserveEntrySignatures: 'strict',
      },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]) as Rollup.RollupOutput[];
  const code = outputs
    .flatMap(({ output }) => output)
    .map((each) => (each.type === 'chunk' ? each.code : ''))
    .join('');
  return gzipSync(code, { level: 9 }).length;
}
