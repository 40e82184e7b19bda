/** What JavaScript may give is checked at the door: each error names the cause and the remedy. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  Connections,
  FencedLocks,
  joinGroup,
  ProcessGroup,
  ReplicatedMap,
  Transport,
} from '../src/index.ts';
import { bytesOf, Ensemble, timeout } from './ensemble.ts';
import { driven, name, processor } from './scripted-host.ts';

const self = processor(1);

/** What no TypeScript would let pass. */
const wrong = <Value>(value: unknown): Value => value as Value;

async function founded() {
  const replicas = {
    map: new ReplicatedMap<unknown>(),
    locks: new FencedLocks(),
    bank: new Connections(),
  };
  const { host, driver } = driven({ replicas });
  await host.view('first', self);
  return { host, group: new ProcessGroup(name, driver), ...replicas };
}

type Founded = Awaited<ReturnType<typeof founded>>;

const one = bytesOf('one');

const calls: Readonly<Record<string, [(founded: Founded) => Promise<unknown>, RegExp]>> = {
  'multicast of text': [
    ({ group }) => group.multicast(wrong('one')),
    /is a Uint8Array, not "one": make one of it/,
  ],
  'multicast of too much': [
    ({ group }) => group.multicast(new Uint8Array(2 ** 24)),
    /at most 16760832 bytes, not 16777216: say it in parts/,
  ],
  'multicast with an unknown delivery': [
    ({ group }) => group.multicast(one, { delivery: wrong('bogus') }),
    /delivery is one of "fifo", "agreed", "safe", not "bogus"/,
  ],
  'multicast with an unknown option': [
    ({ group }) => group.multicast(one, wrong({ chanel: 'a' })),
    /multicast has no option "chanel": it has channel, .*delivery/,
  ],
  'multicast with options that are none': [
    ({ group }) => group.multicast(one, wrong('a')),
    /options of multicast are an object, not "a"/,
  ],
  'multicast on no channel': [
    ({ group }) => group.multicast(one, { channel: '' }),
    /A channel .* empty: choose a longer one/,
  ],
  'multicast with a signal that is none': [
    ({ group }) => group.multicast(one, { signal: wrong(5) }),
    /signal is an AbortSignal, not 5/,
  ],
  'send to a label': [
    ({ group }) => group.send(wrong('bob'), one),
    /for a member or some, not for "bob": give what group.members has/,
  ],
  'send to nobody': [
    ({ group }) => group.send(wrong([undefined]), one),
    /not for undefined: give what group.members has/,
  ],
  'send to whoever has an id that is none': [
    ({ group }) => group.send({ id: wrong(Number.NaN), label: 'bob' }, one),
    /not for an object: give what group.members has/,
  ],
  'send to more than any group has': [
    ({ group }) => group.send(new Array(1_025).fill(group.members[0]), one),
    /for 1024 members at most, not for 1025: name each once/,
  ],
  'request to whoever has an id that is none': [
    ({ group }) => group.request(one, { to: { id: wrong(5), label: 'bob' } }),
    /not for an object: give what group.members has/,
  ],
  'send with an unknown option': [
    ({ group }) => group.send([], one, wrong({ delivery: 'safe' })),
    /send has no option "delivery"/,
  ],
  'request with an unknown need': [
    ({ group }) => group.request(one, { need: wrong('two') }),
    /need is one of "first", "majority", "all", not "two"/,
  ],
  'request with a number for need': [
    ({ group }) => group.request(one, { need: wrong(0) }),
    /need is one of .*, not 0/,
  ],
  'request to a word': [
    ({ group }) => group.request(one, { to: wrong('nobody') }),
    /to is "all", "others", a member or some, not "nobody"/,
  ],
  'request without time': [
    ({ group }) => group.request(one, { timeoutMs: 0 }),
    /timeoutMs says how long to wait, 1 … 2147483647 ms, not 0: give/,
  ],
  'request for ever': [
    ({ group }) => group.request(one, { timeoutMs: Number.POSITIVE_INFINITY }),
    /not Infinity: give/,
  ],
  'request with an unknown option': [
    ({ group }) => group.request(one, wrong({ timeout: 5 })),
    /request has no option "timeout": it has .*timeoutMs/,
  ],
  'statistics with an unknown option': [
    ({ group }) => group.statistics(wrong({ to: 'all' })),
    /statistics has no option "to"/,
  ],
  'leave with an unknown option': [
    ({ group }) => group.leave(wrong({ timeout: 5 })),
    /leave has no option "timeout"/,
  ],
  'a key that is a number': [
    ({ map }) => map.set(wrong(5), 'x'),
    /A key is a string of 1 to 1024 bytes of UTF-8, not 5: give one/,
  ],
  'a key that is empty': [({ map }) => map.delete(''), /A key .* empty: choose a longer one/],
  'a value that is no JSON': [
    ({ map }) => map.set('k', 1n),
    /"k" has no rendering in JSON.*BigInt/,
  ],
  'a value that is nothing': [
    ({ map }) => map.set('k', undefined),
    /undefined, has no rendering in JSON: choose another, or delete the key/,
  ],
  'a value that is too long': [
    ({ map }) => map.set('k', 'x'.repeat(17 * 1024 ** 2)),
    /"k" is too long: .* 16760832 at most. Divide it among several keys/,
  ],
  'a version that is none': [
    ({ map }) => map.compareAndSet('k', wrong(undefined), 1),
    /version of an entry is a natural number, not undefined: give that of entry/,
  ],
  'a lock without a name': [
    ({ locks }) => locks.acquire(wrong(undefined)),
    /The name of a lock is a string .*, not undefined: give one/,
  ],
  'a lock with a time for a signal': [
    ({ locks }) => locks.acquire('printer', wrong(1_000)),
    /signal is an AbortSignal, not 1000: .*AbortSignal.timeout/,
  ],
  'a call of text': [
    ({ bank }) => bank.call('till', 1, wrong('one')),
    /A request is a Uint8Array, not "one": make one of it/,
  ],
  'a call without a number': [
    ({ bank }) => bank.call('till', wrong(undefined), one),
    /numbered from 1 on, not undefined/,
  ],
};

test.each(Object.entries(calls))('%s is refused', async (_what, [call, text]) => {
  const all = await founded();
  const refused = await call(all).then(
    () => null,
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({ name: 'GroupError', code: 'group-option' });
  expect(String(refused)).toMatch(text);
  expect(all.host.sent).toEqual([]);
});

test('a value of the map that refers to itself says what JSON said', async () => {
  const { map } = await founded();
  const value: { self?: unknown } = {};
  value.self = value;
  await expect(map.set('k', value)).rejects.toMatchObject({
    code: 'group-option',
    cause: expect.any(TypeError),
  });
});

const joins: Readonly<Record<string, [unknown, unknown, RegExp]>> = {
  'no name': [undefined, {}, /The name of a group is a string .*, not undefined: give one/],
  'an empty name': ['', {}, /The name of a group .* empty: choose a longer one/],
  'an empty label': ['a', { label: '' }, /The label of a member .* empty: choose a longer one/],
  'a name of blanks': ['  ', {}, /The name of a group is more than blanks: choose one that can/],
  'a name that shows nothing': ['\u200b\u00a0\u3164', {}, /The name of a group is more than/],
  'a label of blanks': ['a', { label: ' ' }, /The label of a member is more than blanks: choose/],
  'a label that shows nothing': ['a', { label: '\u2800\ufeff' }, /The label of a member is more/],
  'an unknown option': ['a', { lable: 'ann' }, /has no option "lable": it has label, /],
  'a text for a flag': ['a', { observer: 'no' }, /observer is true or false, not "no"/],
  'bytes for a handler': ['a', { answer: one }, /answer is a function, not an object/],
  'replicas that are none': [
    'a',
    { replicas: { a: {} } },
    /on channel "a" an object whose "apply" is no function: a replica has the functions apply, snapshot, restore/,
  ],
  'a map where its record belongs': [
    'a',
    { replicas: new ReplicatedMap() },
    /on channel "safe" true/,
  ],
  'a replica whose view is none': [
    'a',
    { replicas: { a: { apply() {}, snapshot() {}, restore() {}, view: 5 } } },
    /whose "view" is no function/,
  ],
  'an observer with replicas': [
    'a',
    { observer: true, replicas: { a: new ReplicatedMap() } },
    /has no state, .*: leave these out, or observer/,
  ],
};

test.each(Object.entries(joins))(
  'joining with %s is refused',
  { timeout },
  async (_what, given) => {
    const [group, options, text] = given;
    const transport = await new Ensemble().transport();
    for (const joining of [
      () => transport.join(wrong(group), wrong(options)),
      () => joinGroup(wrong(group), wrong(options)),
    ]) {
      const refused = await joining().catch((error: unknown) => error);
      expect(refused).toMatchObject({ name: 'GroupError', code: 'group-option' });
      expect(String(refused)).toMatch(text);
    }
  },
);

test.each([
  ['drivers-option', { settings: { heartbeatMs: 300 } }],
  ['drivers-option', { stalledMs: 1 }],
  ['drivers-trace', { trace: '/proc/none/trace' }],
])('%s: joining with %j is refused by the drivers', { timeout }, async (code, options) => {
  const directory = mkdtempSync(join(tmpdir(), 'choir-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const joining = joinGroup('a', { directory, ...options });
  await expect(joining).rejects.toMatchObject({ name: 'DriverError', code });
});

const network = { kind: 'unicast', host: '127.0.0.1' };
const openings: Readonly<Record<string, [unknown, RegExp]>> = {
  nothing: [undefined, /options of Transport.open are an object, not undefined/],
  'no network': [{ insecure: true }, /network is an object, not undefined: give one such as/],
  'an unknown network': [
    { network: { kind: 'tcp' } },
    /network.kind is one of "unicast", "multicast", not "tcp"/,
  ],
  'an unknown option': [{ network, key: [] }, /Transport.open has no option "key": it has .*keys/],
  'an unknown option of the network': [
    { network: { ...network, seed: 'a:1' } },
    /network has no option "seed": it has .*seeds/,
  ],
  'one seed for several': [
    { network: { ...network, seeds: '192.0.2.7:7500' } },
    /seeds is an array of addresses, not "192.0.2.7:7500"/,
  ],
  'keys that are none': [
    { network, keys: ['secret'] },
    /keys is an array of \{ id, key \}, .*: read them/,
  ],
  'an unknown setting': [
    { network, settings: { heartbeat: 5 } },
    /settings has no "heartbeat": it has .*heartbeatMs/,
  ],
};

test.each(Object.entries(openings))(
  'a transport with %s is refused',
  async (_what, [options, text]) => {
    const refused = await Transport.open(wrong(options)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'GroupError', code: 'group-option' });
    expect(String(refused)).toMatch(text);
  },
);

test('joinGroup has no init: the first one makes the group', async () => {
  const joining = joinGroup('a', wrong({ init: true }));
  await expect(joining).rejects.toThrow('joinGroup has no option "init"');
});

test.each([
  ['nothing', undefined],
  ['a text', 'yes'],
  ['null', null],
  ['the promise of a text', Promise.resolve('yes')],
])('Q2 an answer that is %s has failed, and its asker is told why', async (_what, said) => {
  const { host, driver } = driven({ answer: () => wrong(said) });
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  const asked = group.request(one);
  await host.echo();
  await host.echo();
  const [reply] = await asked;
  expect(reply).toMatchObject({ kind: 'failed' });
  expect(reply).toHaveProperty(
    'text',
    expect.stringContaining('The answer is no Uint8Array, but '),
  );
});
