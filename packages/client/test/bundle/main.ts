// node packages/client/test/bundle/main.ts [--modules]     how large the client is in a browser
//
// Bundled and minified as an application does it, then gzipped: what a page loads. With --modules, what
// would be saved without each module. The exit code tells when it is larger than it may be.

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundle, modulesOf } from './bundle.ts';

/** Bytes, gzipped. What it should be is 20,000; these hold it where it is, and only ever go down. */
const bytesMax = { connecting: 25_000, keeping: 28_000 };

function pathOf(application: string): string {
  return fileURLToPath(new URL(`applications/${application}.ts`, import.meta.url));
}

function gzipped(code: string): number {
  return gzipSync(code, { level: 9 }).length;
}

const found: string[] = [];
for (const [application, max] of Object.entries(bytesMax)) {
  const code = await bundle(pathOf(application));
  const bytes = gzipped(code);
  found.push(`${bytes} bytes ${application}`);
  console.log(`${application}: ${code.length} bytes minified, ${bytes} gzipped, at most ${max}`);
  if (bytes > max) process.exitCode = 1;
}
if (process.argv.includes('--modules')) {
  for (const { bytes, module } of await modulesOf(pathOf('connecting'), gzipped)) {
    console.log(`${String(bytes).padStart(6)}  ${module}`);
  }
}
console.log(found.join(', '));
