import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, type OutboxRecord } from '@choir/client';
import { FileOutbox } from '@choir/client/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeNetwork, turns } from '../api/fake-network.ts';
import { bytes, id, object, room } from '../session/stage.ts';

let directory: string;
let path: string;
const opened: FileOutbox[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'choir-outbox-'));
  path = join(directory, 'outbox');
});

afterEach(async () => {
  for (const outbox of opened.splice(0)) await outbox.close();
  await rm(directory, { recursive: true });
});

async function open(): Promise<FileOutbox> {
  const outbox = await FileOutbox.open(path);
  opened.push(outbox);
  return outbox;
}

async function close(outbox: FileOutbox): Promise<void> {
  opened.splice(opened.indexOf(outbox), 1);
  await outbox.close();
}

async function reopen(outbox: FileOutbox): Promise<FileOutbox> {
  await close(outbox);
  return await open();
}

function record(n: number, text = `message ${n}`): OutboxRecord {
  const part = { kind: 'obj_state', group: room, object: object('doc'), update: 'INC' } as const;
  const body = {
    kind: 'message',
    parts: [{ ...part, base: 7, fence: 0, data: bytes(text) }],
  } as const;
  return { localId: id(n), group: room, body, unbased: [room], memberName: 'Me' };
}

const identity = { clientId: 'me', secret: new Uint8Array(32).fill(5) };

function localIds(outbox: FileOutbox): readonly number[] {
  return outbox.load().records.map(({ localId }) => localId);
}

describe('what is stored is there again', () => {
  test('a new one is empty', async () => {
    const outbox = await open();
    expect(outbox.load()).toEqual({ identity: null, lastLocalId: 0, records: [] });
  });

  test('records, whole and in order', async () => {
    let outbox = await open();
    await outbox.saveIdentity(identity);
    await outbox.store(record(2));
    await outbox.store(record(1));
    outbox = await reopen(outbox);
    expect(outbox.load()).toEqual({ identity, lastLocalId: 2, records: [record(1), record(2)] });
    expect(outbox.droppedBytes).toBe(0);
  });

  test('a later record replaces an earlier one; what was removed is gone', async () => {
    let outbox = await open();
    await outbox.saveIdentity(identity);
    await outbox.store(record(1, 'first'));
    await outbox.store(record(1, 'second'));
    await outbox.store(record(2));
    outbox.remove(id(2), true);
    outbox = await reopen(outbox);
    expect(outbox.load().records).toEqual([record(1, 'second')]);
  });

  test('the removal of what no server has decided can be waited for', async () => {
    const outbox = await open();
    await outbox.saveIdentity(identity);
    await outbox.store(record(1));
    const before = (await stat(path)).size;
    await outbox.remove(id(1), false);
    expect((await stat(path)).size).toBeGreaterThan(before);
  });

  test('an identity that is not issued yet', async () => {
    let outbox = await open();
    await outbox.saveIdentity({ clientId: null, secret: identity.secret });
    outbox = await reopen(outbox);
    expect(outbox.load().identity).toEqual({ clientId: null, secret: identity.secret });
  });
});

describe('the server that knows the client', () => {
  const known = { ...identity, server: 'wss://choir.example/a' };

  test('is kept with the identity', async () => {
    let outbox = await open();
    await outbox.saveIdentity({ clientId: null, secret: identity.secret });
    await outbox.saveIdentity(known);
    outbox = await reopen(outbox);
    expect(outbox.load().identity).toEqual(known);
  });

  test('is the only one that the next process tries', async () => {
    const network = new FakeNetwork();
    const outbox = await open();
    await outbox.saveIdentity({ ...identity, server: 'ws://two' });
    network.down = true;
    const urls = ['ws://one', 'ws://two', 'ws://three'];
    const client = connect(urls, { outbox, WebSocket: network.WebSocket });
    opened.pop();
    await expect.poll(() => network.sockets.length).toBeGreaterThan(2);
    await client.close();
    expect(new Set(network.sockets.map(({ url }) => url))).toEqual(new Set(['ws://two']));
  });

  test('… unless it is not among those that are given any more', async () => {
    const network = new FakeNetwork();
    let outbox = await open();
    await outbox.saveIdentity({ ...identity, server: 'ws://gone' });
    const client = connect(['ws://one'], { outbox, WebSocket: network.WebSocket });
    opened.pop();
    await client.broadcast('room', 'here');
    await client.close();
    outbox = await open();
    expect(outbox.load().identity).toEqual({ ...identity, server: 'ws://one' });
  });
});

describe('F1: one owner', () => {
  test('the second to open is refused', async () => {
    const outbox = await open();
    await expect(FileOutbox.open(path)).rejects.toMatchObject({ code: 'OUTBOX_IN_USE' });
    await close(outbox);
    await open();
  });

  test('after a kill the next one owns it at once', async () => {
    const script = fileURLToPath(new URL('outbox-owner.ts', import.meta.url));
    const owner = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(owner.stdout, 'data');
    await expect(FileOutbox.open(path)).rejects.toMatchObject({ code: 'OUTBOX_IN_USE' });
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(localIds(await open())).toEqual([1, 2, 3]);
  });
});

test('F3: only its owner can read it', async () => {
  await close(await open());
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

describe('F4: an entry that was being written is dropped', () => {
  async function written(): Promise<number> {
    const outbox = await open();
    await outbox.saveIdentity(identity);
    await outbox.store(record(1));
    const { size } = await stat(path);
    await outbox.store(record(2));
    await close(outbox);
    return size;
  }

  // Each of a hundred cuts costs several syncs, which take long where others use the disk.
  test('wherever it was cut', { timeout: 60_000 }, async () => {
    const whole = await written();
    const file = await readFile(path);
    for (let length = whole; length < file.length; length++) {
      await writeFile(path, file.subarray(0, length));
      const outbox = await open();
      expect(localIds(outbox)).toEqual([1]);
      expect(outbox.droppedBytes).toBe(length - whole);
      await close(outbox);
    }
  });

  test('whatever stands in its place', async () => {
    const whole = await written();
    await truncate(path, whole);
    for (const rubbish of [new Uint8Array(100), new Uint8Array(100).fill(255)]) {
      await appendFile(path, rubbish);
      const outbox = await open();
      expect(localIds(outbox)).toEqual([1]);
      await close(outbox);
    }
  });

  test('what is appended behind it is read', async () => {
    await truncate(path, (await written()) + 5);
    let outbox = await open();
    await outbox.store(record(2_000_000));
    outbox = await reopen(outbox);
    expect(localIds(outbox)).toEqual([1, 2_000_000]);
  });

  test('what is no outbox is not touched', async () => {
    await writeFile(path, 'dear diary, today');
    await expect(FileOutbox.open(path)).rejects.toMatchObject({ code: 'OUTBOX_DAMAGED' });
    expect(await readFile(path, 'utf8')).toBe('dear diary, today');
  });

  test('one that was cut short when it was made is made again', async () => {
    await writeFile(path, 'choi');
    const outbox = await open();
    await outbox.saveIdentity(identity);
    expect((await reopen(outbox)).load().identity).toEqual(identity);
  });
});

describe('F4: when the identity was being written', () => {
  test('it is nobody’s, however often it is opened before it is somebody’s', async () => {
    const outbox = await open();
    const before = (await stat(path)).size;
    await outbox.saveIdentity(identity);
    await close(outbox);
    const file = await readFile(path);
    for (let length = before; length < file.length; length++) {
      await writeFile(path, file.subarray(0, length));
      for (let times = 0; times < 2; times++) {
        const again = await open();
        expect(again.load()).toEqual({ identity: null, lastLocalId: 0, records: [] });
        await close(again);
      }
    }
    expect((await open()).droppedBytes).toBe(0);
  });

  test('one that holds what is nobody’s is not touched', async () => {
    const outbox = await open();
    await outbox.store(record(1));
    await close(outbox);
    await appendFile(path, 'cut short');
    const before = await readFile(path);
    await expect(FileOutbox.open(path)).rejects.toMatchObject({ code: 'OUTBOX_DAMAGED' });
    expect(await readFile(path)).toEqual(before);
  });
});

test('closing it again, and its client, changes nothing', async () => {
  const outbox = await open();
  await outbox.saveIdentity(identity);
  const client = connect('ws://one', { outbox, WebSocket: new FakeNetwork().WebSocket });
  opened.pop();
  await Promise.all([client.close(), client.close()]);
  await client.close();
  await open();
});

describe('no file is left open, which would end the process', () => {
  /** What this process has open in the directory. */
  async function openFiles(): Promise<readonly string[]> {
    const descriptors = await readdir('/proc/self/fd');
    const files = await Promise.all(
      descriptors.map((n) => readlink(`/proc/self/fd/${n}`, 'utf8').catch(() => '')),
    );
    return files.filter((file) => file.startsWith(directory));
  }

  test('by an outbox that is damaged', async () => {
    const outbox = await open();
    await outbox.store(record(1));
    await close(outbox);
    await expect(FileOutbox.open(path)).rejects.toMatchObject({ code: 'OUTBOX_DAMAGED' });
    expect(await openFiles()).toEqual([]);
  });

  test('by one that could not be rewritten: what is stored next fails', async () => {
    const outbox = await open();
    await outbox.saveIdentity(identity);
    const large = 'x'.repeat(700_000);
    await outbox.store(record(1, large));
    await outbox.store(record(2, large));
    // The new file cannot take the place of a directory.
    await rm(path);
    await mkdir(path);
    for (const n of [1, 2]) await outbox.remove(id(n), false);
    await expect(outbox.store(record(3))).rejects.toMatchObject({ code: 'EISDIR' });
    await close(outbox);
    expect(await openFiles()).toEqual([]);
  });
});

describe('F5: a local id is never used twice', () => {
  test('after what had it was removed', async () => {
    let outbox = await open();
    await outbox.saveIdentity(identity);
    await outbox.store(record(41));
    outbox.remove(id(41), true);
    outbox = await reopen(outbox);
    expect(outbox.load()).toMatchObject({ records: [], lastLocalId: 41 });
  });

  test('after what had it was lost with the tail of the file', async () => {
    let outbox = await open();
    await outbox.saveIdentity(identity);
    await outbox.store(record(1));
    await outbox.store(record(2));
    await close(outbox);
    await truncate(path, (await stat(path)).size - 1);
    outbox = await open();
    expect(outbox.load().lastLocalId).toBeGreaterThan(1_000_000);
    outbox = await reopen(outbox);
    expect(outbox.load().lastLocalId).toBeGreaterThan(1_000_000);
  });

  test('after the file was rewritten', async () => {
    let outbox = await open();
    await outbox.saveIdentity(identity);
    const large = 'x'.repeat(100_000);
    for (let n = 1; n <= 30; n++) {
      await outbox.store(record(n, large));
      if (n !== 7) outbox.remove(id(n), true);
    }
    await outbox.store(record(31));
    outbox = await reopen(outbox);
    expect(localIds(outbox)).toEqual([7, 31]);
    expect(outbox.load()).toMatchObject({ identity, lastLocalId: 31 });
    expect((await stat(path)).size).toBeLessThan(1_500_000);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});

describe('with a client', () => {
  test('F2: nothing is sent before it is on the disk', async () => {
    const network = new FakeNetwork();
    const outbox = await open();
    const client = connect('ws://one', { outbox, WebSocket: network.WebSocket });
    opened.pop();
    await client.broadcast('room', 'first');
    const synced: number[] = [];
    const store = outbox.store.bind(outbox);
    outbox.store = async (entry) => {
      await store(entry);
      synced.push(entry.localId);
    };
    const sent = client.broadcast('room', 'second');
    await turns();
    const said = (): number => network.last.said.filter(({ kind }) => kind === 'submit').length;
    expect([said(), synced]).toEqual([1, []]);
    await sent;
    expect([said(), synced]).toEqual([2, [2]]);
    await client.close();
  });

  test('what was pending is sent by the next process, as the same client', async () => {
    const network = new FakeNetwork();
    let outbox = await open();
    const before = connect('ws://one', { outbox, name: 'Me', WebSocket: network.WebSocket });
    opened.pop();
    const first = await before.join('room');
    network.down = true;
    network.last.cut();
    const lost = first.object('doc').update('kept');
    await before.close();
    await expect(lost).rejects.toMatchObject({ code: 'CLOSED' });

    network.down = false;
    outbox = await open();
    const after = connect('ws://one', { outbox, WebSocket: network.WebSocket });
    opened.pop();
    expect(after.clientId).toBe(before.clientId);
    expect(after.pending).toBe(1);
    const joined = await after.join('room');
    await new Promise<void>((settled) => {
      if (after.pending === 0) settled();
      else after.on('pending', (pending) => pending === 0 && settled());
    });
    expect(joined.object('doc').text()).toBe('kept');
    await after.close();
  });

  test('OUTBOX_FAILED: a client whose outbox cannot be written ends', async () => {
    const network = new FakeNetwork();
    const outbox = await open();
    const client = connect('ws://one', { outbox, WebSocket: network.WebSocket });
    await client.join('room');
    outbox.store = () => Promise.reject(new Error('no space left'));
    await expect(client.broadcast('room', 'x')).rejects.toMatchObject({
      code: 'OUTBOX_FAILED',
      message: 'no space left',
    });
    expect(client.connection.state).toBe('closed');
    expect(network.last.said.some(({ kind }) => kind === 'submit')).toBe(false);
  });

  test('IDENTITY: an outbox belongs to one client', async () => {
    const outbox = await open();
    await outbox.saveIdentity(identity);
    const { WebSocket } = new FakeNetwork();
    const make = () => connect('ws://one', { outbox, clientId: 'another', WebSocket });
    expect(make).toThrowError(expect.objectContaining({ code: 'IDENTITY' }));
  });
});
