/** A machine whose sockets may not have enough room: whoever joins a group there is told, and joins all the same. */
import { writeFileSync } from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, temporaryFolder } from '../running/choir.ts';

const granted = 212_992;

/** Makes every socket of a process, and of its threads, tell that it was granted little. */
const meanSystem = `
import { Socket } from 'node:dgram';
Socket.prototype.getRecvBufferSize = () => ${platform() === 'linux' ? 2 * granted : granted};
`;

test('too small a receive buffer is a warning on standard error, with the command that mends it', async () => {
  const folder = temporaryFolder();
  const preloaded = join(folder, 'mean-system.mjs');
  writeFileSync(preloaded, meanSystem);
  const environment = { CHOIR_RUNTIME: temporaryFolder(), NODE_OPTIONS: `--import=${preloaded}` };
  const args = ['group', 'join', 'lobby', '--id', 'ann', '--leave-at-eof'];
  const { code, stdout, stderr } = await run(args, { environment });
  expect(stderr).toContain('The receive buffer has 212992 bytes, 4194304 were asked for');
  expect(stderr).toMatch(/sysctl -w (net\.core\.rmem_max|kern\.ipc\.maxsockbuf)=\d+/);
  expect(stdout).toBe('view 1: ann (ann joined)\n');
  expect(code).toBe(0);
});
