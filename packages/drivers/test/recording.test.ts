import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupId } from '@choir/ftmp';
import { ViewsJudge, type ViewsRecord } from '@choir/testkit/views';
import { expect, onTestFinished, test } from 'vitest';
import { ProcessorHost } from '../src/index.ts';
import { merged, readRecording } from './recordings.ts';

const group = groupId(7);
const timeout = 30_000;
const secret = 'not for the trace';

async function recordTwo(): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'choir-trace-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const traces = ['one', 'two'].map((name) => join(folder, name));
  const hosts: ProcessorHost[] = [];
  const all = Promise.withResolvers<void>();
  let delivered = 0;
  for (const [at, trace] of traces.entries()) {
    const seeds = hosts.map(({ address }) => address);
    const network = { kind: 'unicast', host: '127.0.0.1', seeds } as const;
    const host = await ProcessorHost.open({ network, insecure: true, trace });
    hosts.push(host);
    const listener = ({ kind }: { readonly kind: string }): void => {
      if (kind === 'message') delivered += 1;
      if (delivered === 400) all.resolve();
    };
    await host.join(group, { init: at === 0, listener });
  }
  for (let n = 0; n < 100; n += 1) {
    for (const host of hosts) {
      await host.send(group, Buffer.from(`${secret} ${n}`), { safe: n % 3 === 0 });
    }
  }
  await all.promise;
  for (const host of [...hosts].reverse()) {
    await host.leave(group);
    await host.close();
  }
  return traces;
}

test('what two processors record of a group is judged by the checkers, and holds no payload', {
  timeout,
}, async () => {
  const traces = await recordTwo();
  const judge = new ViewsJudge({ calm: true });
  const kinds = new Map<ViewsRecord['kind'], number>();
  for (const record of merged(traces.map(readRecording))) {
    judge.see(record);
    kinds.set(record.kind, (kinds.get(record.kind) ?? 0) + 1);
  }
  expect(judge.finish()).toEqual([]);
  expect(Object.fromEntries(kinds)).toMatchObject({
    started: 2,
    sent: 200,
    delivered: 400,
    left: 2,
    stopped: 2,
  });
  for (const trace of traces) {
    expect(readFileSync(trace, 'utf8')).not.toContain(secret);
    expect(statSync(trace).mode & 0o077).toBe(0);
  }
});

test('a message that is in no recording of its sender is found', { timeout }, async () => {
  const traces = await recordTwo();
  const judge = new ViewsJudge();
  let dropped = 0;
  for (const record of merged(traces.map(readRecording))) {
    if (record.kind === 'sent' && dropped === 0) dropped += 1;
    else judge.see(record);
  }
  expect(judge.finish().map(({ property }) => property)).toContain('S6');
});
