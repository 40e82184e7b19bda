/** A thread that ends by itself. */
import type { Worker } from 'node:worker_threads';
import { groupId } from '@choir/ftmp';
import { expect, onTestFinished, test } from 'vitest';
import { type GroupEvent, ProcessorHost } from '../src/index.ts';

const group = groupId(7);
/** Long enough for a thread to answer. */
const busyMs = 1_000;

/** A processor, and the thread that it has. */
async function opened(): Promise<{ readonly host: ProcessorHost; readonly thread: Worker }> {
  const { promise, resolve } = Promise.withResolvers<Worker>();
  process.once('worker', resolve);
  const network = { kind: 'unicast', host: '127.0.0.1' } as const;
  const host = await ProcessorHost.open({ network, insecure: true });
  onTestFinished(() => host.close());
  return { host, thread: await promise };
}

test('what it has told before it ended by an error is heard', async () => {
  const { host, thread } = await opened();
  const asked = host.statistics();
  const until = performance.now() + busyMs;
  // It answers while this one is busy.
  while (performance.now() < until);
  thread.emit('error', new Error('Out of memory.'));
  expect(await asked).toMatchObject({ exclusions: 0 });
  await thread.terminate();
});

test('its groups are over, and who asked it something is told', async () => {
  const { host, thread } = await opened();
  await host.join(group, { init: true });
  const ended = thread.terminate();
  const asked = host.statistics();
  const code = 'drivers-thread';
  await expect(asked).rejects.toMatchObject({ code });
  await ended;
  let last: GroupEvent | null = null;
  for await (const event of host.events(group)) last = event;
  expect(last).toMatchObject({ kind: 'closed', error: { code } });
  expect(host.trySend(group, new Uint8Array(1))).toBe('closed');
});
