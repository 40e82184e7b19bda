/** What the driver does when an application, or the course of events, is not kind to it. */
import { expect, test } from 'vitest';
import { decode } from '../src/core/codec.ts';
import { Replicas } from '../src/core/index.ts';
import { pieceSizes } from '../src/core/limits.ts';
import type { Message } from '../src/core/message.ts';
import { ProcessGroup } from '../src/index.ts';
import { driven, name, performed, processor, type ScriptedHost } from './scripted-host.ts';

const [self, bob] = [processor(1), processor(2)];
const hello = {
  kind: 'hello',
  version: 1,
  view: { timestamp: 2, processor: self },
  name,
  label: 'bob',
  observes: false,
} as const;

const kindOf = (bytes: Uint8Array): string => {
  const message = decode(bytes);
  return 'kind' in message ? message.kind : 'unreadable';
};

test.each([
  [
    'at once',
    () => {
      throw new Error(`${'x'.repeat(340)}\u{1f525} and more`);
    },
  ],
  ['later', () => Promise.reject(new Error(`${'x'.repeat(340)}\u{1f525} and more`))],
])('Q2 an error whose text is cut within a character is told, %s', async (_when, answer) => {
  const { host, driver } = driven({ answer });
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  const asked = group.request(new Uint8Array(1));
  await host.echo();
  expect(await asked).toMatchObject([{ kind: 'failed' }]);
  expect(driver.isOver).toBe(false);
});

const odd: readonly [what: string, thrown: unknown][] = [
  ['an error whose message is no text', Object.assign(new Error(), { message: { code: 7 } })],
  ['an object that cannot become a text', Object.create(null)],
  ['a symbol', Symbol('odd')],
  ['nothing', undefined],
];

test.each(odd)(
  'Q2 a handler that throws %s has failed, at once or later',
  async (_what, thrown) => {
    const throwing = (): never => {
      throw thrown;
    };
    for (const answer of [throwing, () => Promise.reject(thrown)]) {
      const { host, driver } = driven({ answer });
      const group = new ProcessGroup(name, driver);
      await host.view('first', self);
      const asked = group.request(new Uint8Array(1));
      await host.echo();
      expect(await asked).toMatchObject([{ kind: 'failed' }]);
      expect(driver.isOver).toBe(false);
    }
  },
);

test.each(odd)(
  'T3 of a replica that throws %s for a state the group stays',
  async (_what, thrown) => {
    const warned: string[] = [];
    const restore = (): never => {
      throw thrown;
    };
    const log = { apply: () => {}, snapshot: () => [], restore };
    const warn = (text: string): void => void warned.push(text);
    const { host, driver } = driven({ replicas: { log }, warn });
    await host.view('joined', bob, self);
    await host.provide(bob, new Replicas({ log }));
    expect(warned).toEqual([expect.stringContaining('was not taken')]);
    expect(driver.isOver).toBe(false);
    expect(host.sent.map(kindOf)).toContain('wanted');
  },
);

test('M5 what is too long is refused, and the group goes on', async () => {
  const { host, driver } = driven();
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  const long = new Uint8Array(16 * 1024 ** 2);
  await expect(group.multicast(long)).rejects.toMatchObject({ code: 'group-option' });
  expect(() => group.tryMulticast(long)).toThrow(/at most/);
  await expect(group.request(long)).rejects.toMatchObject({ code: 'group-option' });
  await expect(group.send([], long)).rejects.toMatchObject({ code: 'group-option' });
  await group.multicast(new Uint8Array(1));
  await host.echo();
  expect(driver.isOver).toBe(false);
});

test.each([
  ['too long', new Uint8Array(16 * 1024 ** 2)],
  ['none', undefined as unknown as Uint8Array],
])('Q2 an answer that is %s has failed', async (_what, bytes) => {
  const { host, driver } = driven({ answer: async () => bytes });
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  const asked = group.request(new Uint8Array(1));
  await host.echo();
  expect(await asked).toMatchObject([{ kind: 'failed' }]);
  expect(driver.isOver).toBe(false);
});

test('T3 a replica whose snapshot throws is passed over, and stays', async () => {
  const warnings: string[] = [];
  const snapshot = (): Iterable<Uint8Array> => {
    throw new Error('The disk is on fire.');
  };
  const { host, driver } = driven({
    replicas: { map: { apply: () => {}, snapshot, restore: () => {} } },
    warn: (text) => void warnings.push(text),
  });
  await host.view('first', self);
  await host.view('added', self, bob);
  await host.says(bob, hello);
  const said: string[] = [];
  while (host.sent.length > 0) {
    said.push(...host.sent.map(kindOf));
    await host.echo();
  }
  await performed();
  expect(said).toContain('marker');
  expect(driver.isOver).toBe(false);
  expect(warnings.join()).toContain('The disk is on fire.');
});

test.each([
  ['is excluded', (host: ScriptedHost) => host.exclude()],
  [
    'is out',
    (host: ScriptedHost) => host.tell({ kind: 'left', group: host.group, removed: false }),
  ],
])('T3 a snapshot that is under way when its provider %s is closed', async (_how, goes) => {
  let open = 0;
  function* snapshot(): Generator<Uint8Array> {
    open += 1;
    try {
      for (;;) yield new Uint8Array(1_024);
    } finally {
      open -= 1;
    }
  }
  const { host } = driven({ replicas: { map: { apply: () => {}, snapshot, restore: () => {} } } });
  await host.view('first', self);
  await host.view('added', self, bob);
  await host.says(bob, hello);
  // The marker comes, and the pieces behind it are not heard any more.
  const [marker] = host.sent.splice(0);
  await host.says(self, decode(marker ?? new Uint8Array()) as Message);
  expect(open).toBe(1);
  await goes(host);
  expect(open).toBe(0);
});

test('M5 what an application says while its snapshot is gone through goes out, and the snapshot goes on', async () => {
  const said = new Uint8Array([7]);
  let pieces = 0;
  function* snapshot(): Generator<Uint8Array> {
    for (; pieces < 2; pieces += 1) {
      host.isFull = pieces === 0;
      driver.trySay((core) => core.multicast('main', said, false));
      yield new Uint8Array(pieceSizes.max);
    }
  }
  const { host, driver } = driven({
    replicas: { map: { apply: () => {}, snapshot, restore: () => {} } },
  });
  await host.view('first', self);
  await host.view('added', self, bob);
  await host.says(bob, hello);
  const kinds: string[] = [];
  for (let next = host.sent.shift(); next !== undefined; next = host.sent.shift()) {
    kinds.push(kindOf(next));
    await host.says(self, decode(next) as Message);
    await host.writable();
  }
  const others = kinds.filter((kind) => kind !== 'piece');
  expect(others.toSorted()).toEqual(['marker', 'multicast', 'multicast', 'whole']);
  expect(kinds.length - others.length).toBeGreaterThan(1);
});

test('a replica that throws when it is given its place ends the joining', async () => {
  const cause = new Error('I have no socket.');
  const attach = (place: unknown): void => {
    if (place !== null) throw cause;
  };
  const map = { apply: () => {}, snapshot: () => [], restore: () => {}, attach };
  const { host, driver } = driven({ replicas: { map } });
  await expect(driver.joined).rejects.toMatchObject({ code: 'group-replica', cause });
  expect(host.hasLeft).toBe(true);
});

test('who was excluded, comes back, and is refused, is out of the group altogether', async () => {
  const { host, driver } = driven();
  await host.view('first', self);
  await host.exclude();
  await host.view('joined', bob, host.id);
  await host.says(bob, { kind: 'refusal', to: host.id, reason: 'full', version: 1 });
  expect(driver.isOver).toBe(true);
  expect(host.hasLeft).toBe(true);
});

test('a refusal that is late does not concern who was given the state', async () => {
  const { host, driver } = driven();
  await host.view('first', self);
  await host.says(self, { kind: 'refusal', to: self, reason: 'state-refused', version: 1 });
  expect(driver.isOver).toBe(false);
});

test('Q2 a request ends in time, though there is no room for it', async () => {
  const { host, driver } = driven();
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  host.isFull = true;
  await group.multicast(new Uint8Array(1));
  await expect(group.request(new Uint8Array(1), { timeoutMs: 20 })).rejects.toMatchObject({
    code: 'group-time',
  });
  await host.writable();
  expect(host.sent.map(kindOf)).toEqual(['multicast']);
});

test('Q2 who was asked and has not been reached is missing, not left out', async () => {
  const { host, driver } = driven();
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  // Nothing comes back: the group has no quorum.
  const replies = await group.request(new Uint8Array(1), { timeoutMs: 20 });
  expect(replies).toMatchObject([{ kind: 'missing', member: { label: 'ann' } }]);
});

test('Q2 a member that was asked by name and is not in the view is gone', async () => {
  const { host, driver } = driven();
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  const asked = group.request(new Uint8Array(1), { to: { id: bob, label: 'bob' } });
  await host.echo();
  expect(await asked).toMatchObject([{ kind: 'gone', member: { label: 'bob' } }]);
});

test('this process is itself until it hears that it was excluded', async () => {
  const { host, driver } = driven();
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  host.id = processor(1, 2);
  expect(group.self?.id).toBe(self);
  await host.exclude();
  expect(group.self).toBe(null);
});

test.each([
  ['was cut off before', false, ['view', 'primary false', 'excluded', 'view', 'primary true']],
  ['stood still', true, ['view', 'excluded', 'view']],
])(
  'whoever was excluded and %s is in no primary view until it is back',
  async (_how, primary, told) => {
    const { host, driver } = driven();
    const group = new ProcessGroup(name, driver);
    await host.view('first', self);
    expect(group.primary).toBe(true);
    if (!primary) await host.tell({ kind: 'primary', group: host.group, primary });
    await host.exclude();
    expect(group.primary).toBe(false);
    await host.view('joined', bob, host.id);
    expect(group.primary).toBe(false);
    await host.provide(bob);
    expect(group.primary).toBe(true);
    expect(await eventsOf(group, told.length)).toEqual(told);
  },
);

async function eventsOf(group: ProcessGroup, count: number): Promise<string[]> {
  const told: string[] = [];
  const events = group[Symbol.asyncIterator]();
  while (told.length < count) {
    const { value } = await events.next();
    if (value !== undefined)
      told.push(value.kind === 'primary' ? `primary ${value.primary}` : value.kind);
  }
  return told;
}
