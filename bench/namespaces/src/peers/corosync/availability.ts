import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { administratorEnv } from '@choir/testkit/node';

/** Why corosync cannot take part on this machine; null when it can. */
export function whyNoCorosync(): string | null {
  for (const [command, option] of [
    ['corosync', '-v'],
    ['gcc', '--version'],
  ] as const) {
    const { status } = spawnSync(command, [option], { env: administratorEnv() });
    if (status !== 0) return `${command} is missing`;
  }
  return existsSync('/usr/include/corosync/cpg.h') ? null : 'libcpg-dev is missing';
}
