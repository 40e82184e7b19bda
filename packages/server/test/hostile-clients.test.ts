/**
 * Bad input over real sockets, in both renderings: whoever sends it is told why, nothing of it is
 * applied, and nobody else notices.
 */
import {
  type ClientId,
  type Code,
  type FromClient,
  type FromServer,
  type GroupName,
  limits,
  localId,
  type ObjectId,
  type SubmissionBody,
  type Subprotocol,
  subprotocols,
} from '@choir/protocol';
import { describe, expect, test } from 'vitest';
import { bcast, plan, type Stage, stage, submit, target, write } from './hostile/stage.ts';
import { nameOf } from './names.ts';
import { RawClient } from './websocket/raw-client.ts';

const staged = stage();
const renderings = Object.values(subprotocols);

/** Lets an attack happen: nothing may be applied, and nobody else may notice. */
async function attack(happens: (on: Stage) => Promise<void>): Promise<void> {
  const on = await staged;
  const before = await on.state();
  await on.witnesses.talkDuring(() => happens(on));
  expect(await on.state()).toEqual(before);
  expect(on.owner.closedWith).toBeNull();
}

let clients = 0;

async function attach(on: Stage, protocol: Subprotocol): Promise<RawClient> {
  const client = await RawClient.connect(on.url, { protocol });
  clients += 1;
  client.hello(`hostile-${clients}`);
  await client.until('welcome');
  return client;
}

/** The connection is ended, with the code as goodbye and as the reason of the close. */
async function expectGoodbye(client: RawClient, code: Code): Promise<void> {
  expect(await client.until('goodbye')).toMatchObject({ code });
  expect((await client.untilClosed()).reason).toBe(code);
}

type Refused = Extract<FromServer, { kind: 'refused' | 'request_refused' }>;

async function expectRefused(client: RawClient, ...expected: readonly Code[]): Promise<void> {
  const refused = (): Refused[] => [...client.of('refused'), ...client.of('request_refused')];
  await client.untilTrue(() => refused().length >= expected.length, 'the refusal');
  expect(refused().map(({ code }) => code)).toEqual(expected);
  expect(client.closedWith).toBeNull();
  client.close();
}

const badNames: readonly (readonly [string, string])[] = [
  ['control characters', 'tar\u0000get'],
  ['line ends', 'tar\nget'],
  ['a parent folder', '../target'],
  ['a parent folder inside', 'a/../target'],
  ['a folder itself', './target'],
  ['a backslash', 'tar\\get'],
  ['a leading slash', '/target'],
  ['two slashes', 'a//target'],
  ['201 bytes', 'é'.repeat(100).concat('x')],
  ['text that turns the direction', 'tar\u202eteg'],
  ['white space at its end', 'target '],
];

describe.each(renderings)('%s', (protocol) => {
  test.each(badNames)('a name with %s is BAD_NAME wherever it stands', async (_, text) => {
    const name = text as GroupName & ObjectId;
    const id = localId(1);
    const send = (body: SubmissionBody, group = target): FromClient => {
      return { kind: 'submit', group, localId: id, previous: 0, body };
    };
    const messages: readonly FromClient[] = [
      send({ kind: 'message', parts: [bcast('x')] }, name),
      send({ kind: 'message', parts: [bcast('x', name)] }),
      send({ kind: 'message', parts: [{ ...write('x'), object: name }] }),
      send({ kind: 'lock_request', objects: [name], wait: false, graceMs: 0 }),
      // In a display name a slash is a character like others (N4).
      ...(text.includes('/') ? [] : [send({ kind: 'rename', name: text })]),
      { kind: 'join', requestId: 1, groups: [{ group: name, name: 'x', created: 0 }] },
      { kind: 'watch', requestId: 1, group: name, scope: 'members', created: 0 },
      { kind: 'read_state', requestId: 1, group: target, objects: [name] },
      { kind: 'volatile', group: name, data: new Uint8Array(1) },
    ];
    await attack(async (on) => {
      for (const message of messages) {
        const client = await attach(on, protocol);
        client.send(message);
        await expectGoodbye(client, 'BAD_NAME');
      }
      const nameless = await RawClient.connect(on.url, { protocol });
      const secret = new Uint8Array(32);
      nameless.send({ kind: 'hello', version: 1, clientId: text as ClientId, secret, agent: '' });
      await expectGoodbye(nameless, 'BAD_NAME');
    });
  });

  test('who is not admitted is told why', async () => {
    const hello = { kind: 'hello', version: 1, agent: 'hostile' } as const;
    const owner = 'owner' as ClientId;
    const of = (bytes: number): Uint8Array => new Uint8Array(bytes);
    const cases: readonly (readonly [Code, FromClient])[] = [
      ['WRONG_SECRET', { ...hello, clientId: owner, secret: of(32) }],
      ['MALFORMED', { ...hello, secret: of(1) }],
      ['MALFORMED', { ...hello, secret: of(limits.secretBytesMin - 1) }],
      ['VERSION', { ...hello, version: 0, secret: of(32) }],
      ['NO_HELLO', { kind: 'ping', nonce: 1 }],
      ['NO_HELLO', { kind: 'status', requestId: 1 }],
      [
        'NO_HELLO',
        { kind: 'join', requestId: 1, groups: [{ group: target, name: 'x', created: 0 }] },
      ],
    ];
    await attack(async (on) => {
      for (const [code, message] of cases) {
        const client = await RawClient.connect(on.url, { protocol });
        client.send(message);
        await expectGoodbye(client, code);
        expect(client.of('welcome')).toEqual([]);
      }
      const twice = await attach(on, protocol);
      twice.send({ ...hello, secret: of(32) });
      await expectGoodbye(twice, 'ALREADY_ATTACHED');
    });
  });

  test('what a client may not do is refused, and it stays connected', async () => {
    const cases: readonly (readonly [Code, SubmissionBody])[] = [
      ['NOT_A_MEMBER', { kind: 'message', parts: [write('x')] }],
      ['NOT_A_MEMBER', { kind: 'message', parts: [bcast('x'), write('x')] }],
      ['NOT_A_MEMBER', { kind: 'lock_request', objects: [plan], wait: false, graceMs: 0 }],
      ['NOT_A_MEMBER', { kind: 'rename', name: 'x' }],
      ['NOT_A_MEMBER', { kind: 'properties', properties: [] }],
      ['NOT_A_MEMBER', { kind: 'leave' }],
      ['NO_LOCK', { kind: 'lock_release', lockSet: 1 as never, objects: [] }],
      ['WAIT_ENDED', { kind: 'lock_cancel', request: localId(1) }],
      ['FORBIDDEN', { kind: 'lock_break', lockSet: 1 as never, reason: 'x' }],
      ['FORBIDDEN', { kind: 'delete' }],
      ['GROUP_EXISTS', { kind: 'create', stateful: true, absenceMs: 0, properties: [] }],
      ['CROSS_SHARD', { kind: 'message', parts: [bcast('x'), bcast('x', nameOf('other'))] }],
      ['MALFORMED', { kind: 'message', parts: [] }],
    ];
    await attack(async (on) => {
      for (const [code, body] of cases) {
        const client = await attach(on, protocol);
        submit(client, 1, body);
        await expectRefused(client, code);
      }
    });
  });

  test('a position that does not exist is UNKNOWN_POSITION', async () => {
    const after = { epoch: 1, seq: 1_000_000 };
    const at = { group: target, created: 1, after };
    await attack(async (on) => {
      const joiner = await attach(on, protocol);
      joiner.send({ kind: 'join', requestId: 1, groups: [{ ...at, name: 'x' }] });
      await expectRefused(joiner, 'UNKNOWN_POSITION');
      const watcher = await attach(on, protocol);
      const watch = { kind: 'watch', requestId: 1, scope: 'everything' } as const;
      watcher.send({ ...watch, ...at });
      watcher.send({ ...watch, ...at, after: { epoch: 77, seq: 1 } });
      await expectRefused(watcher, 'UNKNOWN_POSITION', 'UNKNOWN_POSITION');
    });
  });

  test('groups of one join are related, and each is named once', async () => {
    const to = (group: string) => ({ group: nameOf(group), name: 'x', created: 0 });
    await attack(async (on) => {
      const client = await attach(on, protocol);
      client.send({ kind: 'join', requestId: 1, groups: [to('one'), to('two')] });
      client.send({ kind: 'join', requestId: 2, groups: [] });
      client.send({ kind: 'join', requestId: 3, groups: [to('one'), to('one')] });
      await expectRefused(client, 'CROSS_SHARD', 'MALFORMED', 'MALFORMED');
    });
  });

  test('more than the protocol allows is TOO_LARGE', async () => {
    const { messageBytes, parts, lockSetObjects } = limits;
    const data = new Uint8Array(messageBytes + 1);
    const large: readonly FromClient[] = [
      { kind: 'volatile', group: target, data },
      { kind: 'hello', version: 1, agent: '', secret: new Uint8Array(limits.secretBytes + 1) },
    ];
    // The encoder refuses too; these are put together by hand.
    const json = [
      ...large.map((each) => JSON.stringify(each, (_, value) => base64(value))),
      `{"kind":"submit","group":"target","localId":1,"previous":0,"body":{"kind":"message","parts":[${Array(parts + 1).fill('{}')}]}}`,
      `{"kind":"submit","group":"target","localId":1,"previous":0,"body":{"kind":"lock_request","objects":[${Array(lockSetObjects + 1).fill('"a"')}]}}`,
      '\n'.repeat(limits.frameMessages),
      ' '.repeat(limits.frameBytes + 1),
    ];
    const volatile = [7, 6, ...Buffer.from('target'), 0x81, 0x80, 0x40];
    const binary = [
      Buffer.concat([Buffer.from([0x8a, 0x80, 0x40, ...volatile]), Buffer.alloc(messageBytes + 1)]),
      Buffer.alloc(2 * (limits.frameMessages + 1)).fill(Buffer.from([1, 10])),
      Buffer.alloc(limits.frameBytes + 1),
    ];
    await attack(async (on) => {
      for (const frame of protocol === subprotocols.json ? json : binary) {
        const client = await RawClient.connect(on.url, { protocol });
        client.webSocket.send(frame);
        await expectGoodbye(client, 'TOO_LARGE');
      }
    });
  });

  test('a window that is full refuses what exceeds it', async () => {
    await attack(async (on) => {
      const client = await attach(on, protocol);
      const body: SubmissionBody = { kind: 'leave' };
      const window = limits.sendWindow;
      const all = Array.from({ length: window + 1 }, (_, index): FromClient => {
        const id = localId(index + 1);
        return { kind: 'submit', group: target, localId: id, previous: index, body };
      });
      client.send(...all);
      await client.until('refused', window + 1);
      const [first, ...rest] = client.of('refused');
      expect(first).toMatchObject({ localId: window + 1, code: 'WINDOW' });
      expect(new Set(rest.map(({ code }) => code))).toEqual(new Set(['NOT_A_MEMBER']));
      client.close();
    });
  });
});

function base64(value: unknown): unknown {
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value;
}

const malformedText = [
  'no JSON',
  '{"kind":"ping","nonce":1',
  'null',
  '[]',
  '7',
  '{}',
  '{"kind":"shutdown"}',
  '{"kind":"constructor"}',
  '{"kind":"__proto__"}',
  '{"kind":["ping"],"nonce":1}',
  '{"__proto__":{"kind":"ping","nonce":1}}',
  '{"kind":"ping","__proto__":{"nonce":1}}',
  '{"kind":"ping","constructor":{"prototype":{"nonce":1}}}',
  '{"kind":"ping","nonce":-1}',
  '{"kind":"ping","nonce":1.5}',
  '{"kind":"ping","nonce":1e300}',
  '{"kind":"ping","nonce":"1"}',
  '{"kind":"ping","nonce":null}',
  '{"kind":"submit","group":"target","localId":0,"previous":0,"body":{"kind":"leave"}}',
  '{"kind":"submit","group":"target","localId":1,"previous":0,"body":{"kind":"toString"}}',
  '{"kind":"volatile","group":"target","data":{"base64":"!"}}',
  '{"kind":"volatile","group":"target","data":"\\ud800"}',
  `{"kind":"ping","nonce":1,"x":${'['.repeat(40)}${']'.repeat(40)}}`,
  // The good one before it has no effect either.
  '{"kind":"submit","group":"target","localId":1,"previous":0,"body":{"kind":"message","parts":[{"kind":"bcast","group":"target","exclusive":false,"data":"x"}]}}\nnonsense',
];

const malformedBytes = [
  [0],
  [1],
  [1, 0],
  [1, 255],
  [2, 99, 1],
  [2, 9, 0x80],
  [3, 9, 0x80, 0],
  [3, 9, 1, 1],
  [255, 255, 255, 255, 255, 255, 255, 255, 255],
  [9, 7, 6, 0xff, 0xfe, 0x61, 0x61, 0x61, 0x61, 0],
  [2, 9, 1, 1, 255],
];

test.each(malformedText)('the text frame %s is MALFORMED', async (text) => {
  await attack(async (on) => {
    const client = await attach(on, subprotocols.json);
    client.webSocket.send(text);
    await expectGoodbye(client, 'MALFORMED');
    expect(client.of('pong')).toEqual([]);
  });
});

test.each(malformedBytes.map((bytes) => [bytes.join(' '), bytes] as const))(
  'the bytes %s are MALFORMED',
  async (_, bytes) => {
    await attack(async (on) => {
      const client = await attach(on, subprotocols.binary);
      client.webSocket.send(Uint8Array.from(bytes));
      await expectGoodbye(client, 'MALFORMED');
      expect(client.of('pong')).toEqual([]);
    });
  },
);

test('the frames of one rendering are MALFORMED in the other', async () => {
  await attack(async (on) => {
    const binary = await attach(on, subprotocols.binary);
    binary.webSocket.send('{"kind":"ping","nonce":1}');
    await expectGoodbye(binary, 'MALFORMED');
    const text = await attach(on, subprotocols.json);
    text.webSocket.send(Uint8Array.from([2, 9, 1]));
    await expectGoodbye(text, 'MALFORMED');
  });
});

test('names that mean something in JavaScript mean nothing here', async () => {
  const on = await staged;
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  for (const [index, name] of names.entries()) {
    const client = await RawClient.connect(on.url, { protocol: subprotocols.json });
    client.hello(name);
    expect(await client.until('welcome')).toMatchObject({ clientId: name });
    client.join(name);
    const { members } = await client.until('transfer_begin');
    expect(members).toEqual([{ clientId: name, name: 'somebody', status: 'member' }]);
    const group = nameOf(name);
    const properties = [{ name, value: 'x' }];
    submit(client, 1, { kind: 'properties', properties }, group);
    const { at } = await client.until('delivery');
    const written = { ...write('x'), group, object: name as ObjectId, base: at.seq };
    submit(client, 2, { kind: 'message', parts: [written] }, group);
    await client.until('delivery', 2);
    client.send({ kind: 'read_state', requestId: 2 + index, group, objects: [] });
    await client.until('transfer_end', 2);
    expect(client.of('transfer_begin').at(-1)).toMatchObject({ group, properties });
    const [objects] = client.of('transfer_objects');
    expect(objects?.updates).toMatchObject([{ object: name, data: 'x' }]);
    client.close();
  }
  expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
});

test('who is a member writes neither over a lock of another, nor from the future', async () => {
  const { url, owner, witnesses } = await staged;
  const client = await RawClient.attach(url, 'intruder');
  client.join(target);
  const { at } = await client.until('transfer_end');
  const known = { ...write('x'), base: at.seq };
  await witnesses.talkDuring(async () => {
    submit(client, 1, { kind: 'message', parts: [known] });
    submit(client, 2, { kind: 'message', parts: [{ ...known, fence: 12_345 }] });
    const elsewhere = { ...known, object: 'free' as ObjectId };
    submit(client, 3, { kind: 'message', parts: [{ ...elsewhere, fence: 12_345 }] });
    submit(client, 4, { kind: 'message', parts: [{ ...elsewhere, base: 1_000_000 }] });
    const checkpoint = { kind: 'group_state', group: target, base: at.seq, objects: [] } as const;
    submit(client, 5, { kind: 'message', parts: [checkpoint] });
    await client.until('refused', 5);
  });
  // What is refused before it is ordered is told sooner.
  const refused = client.of('refused').sort((one, other) => one.localId - other.localId);
  expect(refused.map(({ code }) => code)).toEqual([
    'LOCKED',
    'LOCKED',
    'STALE_FENCE',
    'UNKNOWN_POSITION',
    'FORBIDDEN',
  ]);
  client.send({ kind: 'read_state', requestId: 9, group: target, objects: [] });
  await client.until('transfer_end', 2);
  const texts = client
    .of('transfer_objects')
    .at(-1)
    ?.updates.map(({ data }) => data);
  expect(texts).toEqual([new TextEncoder().encode('the plan')]);
  expect(owner.closedWith).toBeNull();
  client.close();
});

test('a local id with other content is ID_REUSED, and the first content stays', async () => {
  const on = await staged;
  const client = await attach(on, subprotocols.binary);
  submit(client, 1, { kind: 'message', parts: [bcast('first')] });
  await client.until('ack');
  await attack(async () => {
    submit(client, 1, { kind: 'message', parts: [bcast('second')] });
    await expectRefused(client, 'ID_REUSED');
  });
});
