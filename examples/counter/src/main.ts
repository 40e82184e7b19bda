/** A terminal of the counter: Enter, or +, adds one, and - subtracts one. */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { joinGroup, type ProcessGroup } from '@choir/process-group';
import { Counter } from './counter.ts';

async function main(): Promise<void> {
  const { id = `p${process.pid}` } = parseArgs({ options: { id: { type: 'string' } } }).values;
  console.log(`${id} is process ${process.pid}. Enter adds one, - subtracts one, Ctrl-C leaves.`);
  const counter = new Counter((count, what) => console.log(`${`${count}`.padStart(5)}  ${what}`));
  const group = await joinGroup('counter', { label: id, replicas: { counter } });
  process.once('SIGINT', () => group.leave()).once('SIGTERM', () => group.leave());
  await Promise.all([read(group), listen(group)]);
}

/** Multicasts what is typed: nothing is counted before it comes back, in its place in the order. */
async function read(group: ProcessGroup): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  group.over.then(() => lines.close());
  for await (const line of lines) {
    if (!['', '+', '-'].includes(line)) continue;
    const step = line === '-' ? '-1' : '1';
    await group.multicast(Buffer.from(step), { channel: 'counter' });
  }
  await group.leave();
}

/** What happens to this process alone. */
async function listen(group: ProcessGroup): Promise<void> {
  for await (const event of group) {
    if (event.kind === 'excluded') console.log('       the others went on without this process');
    if (event.kind === 'primary' && !event.primary) console.log('       no majority: waiting');
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
