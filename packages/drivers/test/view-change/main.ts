// npm run capture -w @choir/drivers     as root: records the captures of vectors/ftmp anew, after a change of the
// wire; then vitest run packages/cli/test/ftmp -u, and look at the difference of docs/decoding.md

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { canMakeNamespaces } from '@choir/testkit/node';
import { recordViewChange } from './record.ts';

/** The one of the example in docs/protocol/ftmp-envelope.md. */
const testKey = Buffer.from(Array.from({ length: 32 }, (_, at) => at)).toString('hex');

function whyNot(): string | null {
  const namespaces = canMakeNamespaces();
  if (!namespaces.can) return namespaces.why;
  const hasDumpcap = spawnSync('dumpcap', ['--version']).status === 0;
  return hasDumpcap ? null : 'dumpcap is missing; on Debian: apt-get install tshark';
}

async function write(name: string, key: string | null): Promise<void> {
  const capture = await recordViewChange(key);
  writeFileSync(new URL(`../../../../vectors/ftmp/${name}`, import.meta.url), capture);
  console.log(`vectors/ftmp/${name}: ${capture.length} bytes`);
}

const why = whyNot();
if (why === null) {
  await write('view-change.pcap', null);
  await write('view-change-encrypted.pcap', testKey);
} else {
  console.error(`No change of view can be recorded here: ${why}.`);
  process.exitCode = 1;
}
