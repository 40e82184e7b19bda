/** Two servers share nothing yet: each is a system of its own, with its own log and its own clients. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connect, text } from '@choir/client';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Server } from '../../../console/test/browser/server.ts';

const seen = { timeout: 15_000 };

describe('several servers', { timeout: 40_000 }, () => {
  const data = mkdtempSync(join(tmpdir(), 'choir-servers-'));
  const one = new Server(join(data, 'one'));
  const two = new Server(join(data, 'two'));

  beforeAll(async () => {
    await Promise.all([one.start(), two.start()]);
    return async () => {
      await Promise.all([one.kill(), two.kill()]);
      rmSync(data, { recursive: true });
    };
  }, 40_000);

  function opened(): Client {
    const client = connect([one.url, two.url], { name: 'Ann' });
    onTestFinished(() => client.close());
    return client;
  }

  test('one that is away is passed by; the one that said welcome is kept', async () => {
    await one.kill();
    const client = opened();
    const group = await client.join('kept');
    expect(client.connection.url).toBe(two.url);
    await group.object('doc').update('1;');

    // The other is back, and this one goes: what is pending waits for it, and takes effect once.
    await one.start();
    const { clientId } = client;
    await two.kill();
    await expect.poll(() => client.connection.state, seen).toBe('offline');
    const pending = group.object('doc').update('2;');
    const tried = new Set<string>();
    client.on('connection', ({ url }) => tried.add(url));
    await expect.poll(() => tried.size, seen).toBeGreaterThan(0);
    await two.start();
    await pending;
    expect(client.connection.url).toBe(two.url);
    expect(client.clientId).toBe(clientId);
    expect([...tried]).toEqual([two.url]);
    expect(group.object('doc').text()).toBe('1;2;');
    const other = connect(one.url);
    onTestFinished(() => other.close());
    expect((await other.readState('kept')).exists).toBe(false);
  });

  test('a client that asks anew begins with the first that answers', async () => {
    const client = opened();
    const heard: string[] = [];
    const group = await client.join('anew');
    group.on('message', (message) => {
      if (message.kind === 'bcast') heard.push(text(message.data));
    });
    await group.broadcast('hello');
    expect(client.connection.url).toBe(one.url);
    expect(heard).toEqual(['hello']);
  });
});
