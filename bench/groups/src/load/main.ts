/** The process that makes the load. It is told by messages what to do, and ends with its parent. */
import type { Listener } from '../wire/wire.ts';
import { runAcks } from './acks.ts';
import { clientOf, each } from './crowd.ts';
import { FloodLoad } from './flood.ts';
import { rssBytes } from './process-usage.ts';
import { runStorm } from './storm.ts';
import type { FromLoad, Idle, Rested, Target, Task, ToLoad } from './task.ts';
import { passed } from './warm-up.ts';

/** What a server does after a connection was made is over. */
const restMs = 3_000;

function tell(message: FromLoad): void {
  process.send?.(message);
}

function fail(problem: string): void {
  tell({ kind: 'failed', problem });
}

let restarted = (): void => {};

async function perform(target: Target, task: Task): Promise<FromLoad> {
  switch (task.kind) {
    case 'flood':
      return { kind: 'measured', phases: await new FloodLoad(target, task, fail).run() };
    case 'acks':
      return { kind: 'measured', phases: [await runAcks(target, task, fail)] };
    case 'storm': {
      const away = (): Promise<void> => {
        const again = new Promise<void>((resolve) => {
          restarted = resolve;
        });
        tell({ kind: 'away' });
        return task.killed ? again : Promise.resolve();
      };
      return { kind: 'recovered', recovered: await runStorm(target, task, { fail, away }) };
    }
    case 'idle':
      return { kind: 'rested', rested: await rest(target, task) };
    default:
      return task satisfies never;
  }
}

async function rest({ peer, port, pid }: Target, { connections }: Idle): Promise<Rested> {
  const listener: Listener = { message: () => {}, acknowledged: () => {}, broken: fail };
  // The first ones bring what a server makes once.
  const first = Array.from({ length: 100 }, (_, index) => index);
  const more = Array.from({ length: connections }, (_, index) => first.length + index);
  const open = (index: number): Promise<void> =>
    clientOf(peer, { port, index, room: null, listener }).open();
  await each(first, open);
  await passed(restMs);
  const before = rssBytes(pid);
  await each(more, open);
  await passed(restMs);
  return { bytesPerConnection: (rssBytes(pid) - before) / connections };
}

process.on('disconnect', () => process.exit());
process.on('message', (message: ToLoad) => {
  if (message.kind === 'restarted') restarted();
  else perform(message.target, message.task).then(tell, (error: Error) => fail(error.message));
});
