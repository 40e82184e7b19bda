/** The driver's promises (sqlite-journal.ts, D1–D3) when the thread ends in ways it should not. */
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { JournalOpened, JournalReply } from '../src/index.ts';
import { startWorker } from '../src/sqlite/open-journal.ts';
import { SqliteJournal } from '../src/sqlite/sqlite-journal.ts';
import { scratchDirectory } from './data-directory.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

async function start() {
  const worker = startWorker({ directory: scratchDirectory() });
  const [{ opened }] = (await once(worker, 'message')) as [{ opened: JournalOpened }];
  return { worker, journal: new SqliteJournal(worker, opened) };
}

function commit(seq: number) {
  const entries = [{ seq, epoch: 1, bytes: new Uint8Array(100) }];
  return { kind: 'commit', entries, rows: [], applied: 0 } as const;
}

test('D3: when the thread ends every open request and every later one fails', async () => {
  const { worker, journal } = await start();
  const replies: JournalReply[] = [];
  const all = new Promise<void>((resolve) => {
    for (let seq = 1; seq <= 100; seq += 1) {
      journal.request(commit(seq), (reply) => {
        replies.push(reply);
        if (seq === 100) resolve();
      });
    }
  });
  await worker.terminate();
  await all;
  const late = new Promise<JournalReply>((resolve) => journal.request(commit(101), resolve));
  expect(await late).toMatchObject({ kind: 'failed', failure: { code: 'THREAD_ENDED' } });
  expect(replies.at(-1)).toMatchObject({ kind: 'failed', failure: { code: 'THREAD_ENDED' } });
  await journal.close();
});

test('a bug in the thread fails everything, with its text', async () => {
  const { worker, journal } = await start();
  worker.postMessage({
    kind: 'requests',
    flat: { numbers: new Float64Array([77]), bytes: new Uint8Array() },
  });
  const reply = await new Promise<JournalReply>((resolve) => journal.request(commit(1), resolve));
  expect(reply).toMatchObject({ kind: 'failed', failure: { code: 'THREAD_ENDED' } });
  expect(JSON.stringify(reply)).toContain('unknown request');
  await journal.close();
});

test('the owner may use its buffers again as soon as a request was made', async () => {
  const { journal } = await start();
  const bytes = new Uint8Array([1, 2, 3]);
  const entries = [{ seq: 1, epoch: 1, bytes }];
  const rows = [{ space: 1, seq: 1, bytes }];
  journal.request({ kind: 'commit', entries, rows, applied: 1 }, () => {});
  bytes.fill(0);
  const read = { kind: 'read-rows-at', space: 1, seqs: [1], maxBytes: 100 } as const;
  const reply = await new Promise((resolve) => journal.request(read, resolve));
  const stored = { space: 1, seq: 1, bytes: new Uint8Array([1, 2, 3]) };
  expect(reply).toEqual({ kind: 'rows', rows: [stored], done: true });
  await journal.close();
});

test('one turn of the main loop is one message', async () => {
  const { worker, journal } = await start();
  let messages = 0;
  worker.on('message', () => {
    messages += 1;
  });
  await new Promise((resolve) => {
    for (let seq = 1; seq < 500; seq += 1) journal.request(commit(seq), () => {});
    // From a microtask of the same turn, as from a second socket that was readable.
    queueMicrotask(() => journal.request(commit(500), resolve));
  });
  expect(messages).toBe(1);
  await journal.close();
});

test('who was answered is let go of, also where there is always another request open', async () => {
  const { journal } = await start();
  const read = { kind: 'read-entries', after: 0, maxBytes: 1 } as const;
  const askers: WeakRef<() => void>[] = [];
  let goesOn = true;
  await new Promise<void>((resolve) => {
    const ask = (): void => {
      if (askers.length === 5_000) resolve();
      const answered = (): void => (goesOn ? ask() : undefined);
      askers.push(new WeakRef(answered));
      journal.request(read, answered);
    };
    ask();
    ask();
  });
  // There are open ones now.
  collect();
  goesOn = false;
  expect(askers.filter((asker) => asker.deref() !== undefined).length).toBeLessThan(2_500);
  await journal.close();
});
