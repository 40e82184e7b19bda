/** C1, C4: what was acknowledged, or seen by anybody, is there after the process was killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { nameOf } from '../names.ts';
import { RawClient } from './raw-client.ts';
import { temporaryFolder } from './running.ts';

const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

async function start(data: string): Promise<{ url: string; child: ChildProcess }> {
  const script = fileURLToPath(new URL('./server-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, data], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer];
  return { url: line.toString().trim(), child };
}

test('kill -9 loses nothing that was acknowledged or seen', async () => {
  const data = temporaryFolder();
  const acknowledged: string[] = [];
  const seen: string[] = [];
  for (let life = 0; life < 3; life += 1) {
    const { url, child } = await start(data);
    const ann = await RawClient.attach(url, `ann-${life}`);
    const bob = await RawClient.attach(url, `bob-${life}`);
    bob.join('room');
    await bob.until('transfer_end');
    const texts = Array.from({ length: 200 }, (_, each) => `${life}-${each}`);
    for (const text of texts) ann.bcast('room', text);
    await ann.until('ack', 50 + life * 40);
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (const { localId } of ann.of('ack')) acknowledged.push(texts[localId - 1] ?? '');
    seen.push(...textsOf(bob));
  }
  const { url, child } = await start(data);
  const reader = await RawClient.attach(url, 'reader');
  const group = nameOf('room');
  const watch = { kind: 'watch', requestId: 1, group, scope: 'everything', created: 0 } as const;
  reader.send({ ...watch, after: { epoch: 0, seq: 0 } });
  await reader.until('resume_end');
  const logged = textsOf(reader);
  expect(acknowledged.length).toBeGreaterThanOrEqual(50 + 90 + 130);
  for (const text of [...acknowledged, ...seen]) expect(logged).toContain(text);
  expect(new Set(logged).size).toBe(logged.length);
  child.kill('SIGKILL');
}, 60_000);

function textsOf(client: RawClient): string[] {
  return client
    .of('delivery')
    .flatMap(({ events }) =>
      events.flatMap((event) =>
        event.kind === 'bcast' ? [Buffer.from(event.data).toString()] : [],
      ),
    );
}
