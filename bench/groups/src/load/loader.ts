/** Runs one task in a load process against one server, from the benchmark's side. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PeerServer } from '../peers/server.ts';
import type { FromLoad, Measured, Recovered, Rested, Task, ToLoad } from './task.ts';

const entry = fileURLToPath(new URL('./main.ts', import.meta.url));
const withinMs = 180_000;

type Answer = Exclude<FromLoad, { kind: 'away' | 'failed' }>;

export async function loadFlood(
  server: PeerServer,
  task: Extract<Task, { kind: 'flood' | 'acks' }>,
): Promise<readonly Measured[]> {
  const answer = await perform(server, task);
  if (answer.kind !== 'measured') throw new Error(`the load answered "${answer.kind}"`);
  return answer.phases;
}

export async function loadStorm(
  server: PeerServer,
  task: Extract<Task, { kind: 'storm' }>,
): Promise<Recovered> {
  const answer = await perform(server, task);
  if (answer.kind !== 'recovered') throw new Error(`the load answered "${answer.kind}"`);
  return answer.recovered;
}

export async function loadIdle(
  server: PeerServer,
  task: Extract<Task, { kind: 'idle' }>,
): Promise<Rested> {
  const answer = await perform(server, task);
  if (answer.kind !== 'rested') throw new Error(`the load answered "${answer.kind}"`);
  return answer.rested;
}

async function perform(server: PeerServer, task: Task): Promise<Answer> {
  const child = fork(entry, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const say = (message: ToLoad): void => {
    child.send(message);
  };
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Answer>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error('the load took too long')), withinMs);
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`the load process ended with ${code}`)));
      child.on('message', (message: FromLoad) => {
        if (message.kind === 'failed') reject(new Error(message.problem));
        else if (message.kind !== 'away') resolve(message);
        else if (task.kind === 'storm' && task.killed) {
          restart(server).then(() => say({ kind: 'restarted', target: server.target }), reject);
        }
      });
      say({ kind: 'begin', target: server.target, task });
    });
  } finally {
    clearTimeout(timer);
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
  }
}

async function restart(server: PeerServer): Promise<void> {
  await server.kill();
  await server.start();
}
