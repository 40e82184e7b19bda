/** Who takes part on this machine. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { administratorEnv } from '@choir/testkit/node';
import { Choir } from './ours/choir.ts';
import { Corosync } from './peers/corosync/corosync.ts';
import type { System, SystemName } from './system.ts';

type Makers = ReadonlyMap<SystemName, () => System>;

/** @param tell is told of each that cannot take part, why, and what mends it */
export function makersHere(tell: (line: string) => void): Makers {
  const makers = new Map<SystemName, () => System>([
    ['choir', () => new Choir('choir')],
    ['choir-encrypted', () => new Choir('choir-encrypted')],
  ]);
  const why = whyNoCorosync();
  if (why === null) makers.set('corosync', () => new Corosync());
  else tell(`corosync is skipped: ${why}; \`node tools/peers/corosync.ts\` installs it`);
  return makers;
}

/** Why corosync cannot take part; null when it can. */
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
