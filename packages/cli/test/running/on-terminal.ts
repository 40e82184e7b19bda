/** Starts `choir` on a terminal that `script` of util-linux makes; what is typed is not echoed. */
import { spawn, spawnSync } from 'node:child_process';
import type { Start } from './choir-process.ts';

/** Whether this machine has the one whose options are used. */
export const hasScript = /util-linux/.test(
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '',
);

export const endOfInput = '\x04';

export const onTerminal: Start = (command, environment) => {
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const args = ['--quiet', '--return', '--command', `stty -echo; exec ${words}`, '/dev/null'];
  return spawn('script', args, {
    stdio: 'pipe',
    env: { ...process.env, SHELL: '/bin/sh', ...environment },
  });
};
