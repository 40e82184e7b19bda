/** Checks of clients. */
import { deepEqual, equal, notDeepEqual, ok } from 'node:assert/strict';
import { type FromServer, limits, localId } from '@choir/protocol';
import { bytes, clientNamed, groupNamed, text } from '../messages.ts';
import {
  createdAt,
  type FromClientOf,
  issuedId,
  positionAt,
  type ServerSide,
} from './scripted-server.ts';
import { type ClientStage, group } from './stage.ts';

export type ClientCase = {
  readonly clauses: readonly string[];
  readonly title: string;
  readonly run: (stage: ClientStage) => Promise<void>;
};

const name = groupNamed(group);

function said({ body }: FromClientOf<'submit'>): string {
  const [part] = body.kind === 'message' ? body.parts : [];
  return part?.kind === 'bcast' ? text(part.data) : '';
}

async function submissions(side: ServerSide, count: number) {
  const found: FromClientOf<'submit'>[] = [];
  while (found.length < count) found.push(await side.next('submit'));
  return found;
}

const shortOf = (all: readonly FromClientOf<'submit'>[]) =>
  all.map((each) => [each.localId, each.previous, said(each)]);

function ack(own: number, at: number): FromServer {
  const senderId = clientNamed(issuedId);
  return { kind: 'ack', group: name, senderId, localId: localId(own), at: positionAt(at) };
}

function delivery(at: number, data: string): FromServer {
  const from = { senderId: clientNamed('c-other'), localId: localId(at) };
  const event = { kind: 'bcast', ...from, exclusive: false, data: bytes(data) } as const;
  return { kind: 'delivery', group: name, at: positionAt(at), time: 0, events: [event] };
}

function resumeBegin(requestId: number, after: number, at: number, mark: number): FromServer {
  const where = { group: name, created: createdAt, at: positionAt(at), after: positionAt(after) };
  return { kind: 'resume_begin', requestId, ...where, mark };
}

export const clientCases: readonly ClientCase[] = [
  {
    clauses: ['S1', 'S2', 'V1'],
    title: 'says hello first, once, in version 1 or newer, with a secret of 16 to 64 bytes',
    run: async (stage) => {
      const side = await stage.firstConnection();
      const first = await side.any('hello');
      equal(first.kind, 'hello');
      if (first.kind !== 'hello') return;
      ok(first.version >= 1);
      ok(first.secret.length >= limits.secretBytesMin && first.secret.length <= limits.secretBytes);
    },
  },
  {
    clauses: ['S2'],
    title: 'keeps its id and its secret over all connections',
    run: async (stage) => {
      const first = await stage.firstConnection();
      const { secret } = await first.welcome();
      await first.transfer(10);
      await stage.testee.event('joined');
      first.cut();
      const hello = await (await stage.connection()).welcome();
      equal(hello.clientId, issuedId);
      deepEqual([...hello.secret], [...secret]);
      notDeepEqual([...secret], [...new Uint8Array(secret.length)]);
    },
  },
  {
    clauses: ['M1', 'M2'],
    title: 'numbers its submissions, each after the one before it',
    run: async (stage) => {
      const side = await stage.joined(10);
      stage.say('one', 'two', 'three');
      const all = await submissions(side, 3);
      const ids = all.map((each) => each.localId);
      deepEqual(
        ids,
        [...ids].sort((one, other) => one - other),
      );
      deepEqual(all.map(said), ['one', 'two', 'three']);
      deepEqual(
        all.map(({ previous }) => previous),
        [0, ...ids.slice(0, 2)],
      );
    },
  },
  {
    clauses: ['M4'],
    title: 'sends everything above the mark again when it is asked to',
    run: async (stage) => {
      const side = await stage.joined(10);
      stage.say('one', 'two', 'three');
      const [first, second, third] = await submissions(side, 3);
      const own = first?.localId ?? localId(1);
      // The others were sent to come after one that will never be in the chain.
      const why = { code: 'FORBIDDEN', message: 'no', holders: [] };
      side.send({ kind: 'refused', group: name, localId: own, ...why });
      side.send({ kind: 'resend', group: name, mark: 0 });
      deepEqual(shortOf(await submissions(side, 2)), [
        [second?.localId, 0, 'two'],
        [third?.localId, second?.localId, 'three'],
      ]);
    },
  },
  {
    clauses: ['S4', 'M3', 'K5'],
    title: 'sends again after a cut what was not settled, under the same numbers',
    run: async (stage) => {
      const side = await stage.joined(10);
      stage.say('one', 'two', 'three');
      const all = await submissions(side, 3);
      side.send(ack(all[0]?.localId ?? 0, 11));
      await stage.testee.event('settled');
      side.cut();
      const back = await stage.connection();
      await back.welcome();
      await back.transfer(12, all[0]?.localId ?? 0);
      deepEqual(shortOf(await submissions(back, 2)), shortOf(all.slice(1)));
    },
  },
  {
    clauses: ['K2'],
    title: 'says on coming back where it was',
    run: async (stage) => {
      const side = await stage.joined(10);
      side.send(delivery(15, 'one'));
      await stage.testee.event('message');
      side.cut();
      const back = await stage.connection();
      await back.welcome();
      const [target] = (await back.next('join')).groups;
      equal(target?.created, createdAt);
      deepEqual(target?.after, positionAt(15));
    },
  },
  {
    clauses: ['K6', 'T2'],
    title: 'asks for a block that was cut short from the last delivery on, and takes none twice',
    run: async (stage) => {
      const side = await stage.joined(10);
      side.cut();
      const second = await stage.connection();
      await second.welcome();
      const { requestId } = await second.next('join');
      second.send(resumeBegin(requestId, 10, 30, 0), delivery(20, 'one'));
      await stage.testee.event('message');
      second.cut();
      const third = await stage.connection();
      await third.welcome();
      const join = await third.next('join');
      deepEqual(join.groups[0]?.after, positionAt(20));
      const end = { requestId: join.requestId, group: name, at: positionAt(30) };
      const begin = resumeBegin(join.requestId, 20, 30, 0);
      third.send(begin, delivery(25, 'two'), { kind: 'resume_end', ...end });
      await stage.testee.event('message');
      const messages = stage.testee.told.filter(({ event }) => event === 'message');
      deepEqual(
        messages.map(({ about }) => about[2]),
        ['one', 'two'],
      );
    },
  },
  {
    clauses: ['K6', 'K3'],
    title: 'asks anew for a transfer that was cut short',
    run: async (stage) => {
      stage.testee.order({ do: 'join', group });
      const side = await stage.connection();
      await side.welcome();
      const { requestId } = await side.next('join');
      side.send(side.transferBegin(requestId, group, 10, 0));
      side.cut();
      const back = await stage.connection();
      await back.welcome();
      equal((await back.next('join')).groups[0]?.after, undefined);
    },
  },
  {
    clauses: ['T3'],
    title: 'takes a second acknowledgement for nothing',
    run: async (stage) => {
      const side = await stage.joined(10);
      stage.say('one');
      const [first] = await submissions(side, 1);
      const own = first?.localId ?? 0;
      side.send(ack(own, 11), ack(own, 11));
      stage.say('two');
      const [second] = await submissions(side, 1);
      side.send(ack(own, 11), ack(second?.localId ?? 0, 12));
      await stage.testee.event('settled');
      await stage.testee.event('settled');
      const settled = stage.testee.told.filter(({ event }) => event === 'settled');
      deepEqual(
        settled.map(({ about }) => about[0]),
        [own, second?.localId],
      );
    },
  },
  {
    clauses: ['M5'],
    title: 'puts the next in the place of one that was refused without a position',
    run: async (stage) => {
      const side = await stage.joined(10);
      stage.say('one');
      const [first] = await submissions(side, 1);
      const own = first?.localId ?? localId(1);
      const why = { code: 'FORBIDDEN', message: 'no', holders: [] };
      side.send({ kind: 'refused', group: name, localId: own, ...why });
      deepEqual((await stage.testee.event('refused')).about.slice(0, 2), [own, 'FORBIDDEN']);
      stage.say('two');
      const [second] = await submissions(side, 1);
      equal(second?.previous, 0);
      ok((second?.localId ?? 0) > own);
    },
  },
  {
    clauses: ['M6'],
    title: 'has at most 256 submissions under way, and sends the others as those are decided',
    run: async (stage) => {
      const side = await stage.joined(10);
      const more = limits.sendWindow + 20;
      stage.say(...Array.from({ length: more }, (_each, index) => `${index}`));
      const all = await submissions(side, limits.sendWindow);
      // What a client does beyond the window it has done when it says something else.
      side.send({ kind: 'pong', nonce: 1 }, ack(all[0]?.localId ?? 0, 11));
      await stage.testee.event('settled');
      const [next] = await submissions(side, 1);
      equal(said(next ?? all[0] ?? never()), `${limits.sendWindow}`);
      equal(side.rest().length, 0);
    },
  },
  {
    clauses: ['S5'],
    title: 'sends a ping when it heard nothing for the heartbeat',
    run: async (stage) => {
      const side = await stage.firstConnection();
      await side.welcome({ heartbeatMs: 300 });
      const { nonce } = await side.next('ping');
      side.send({ kind: 'pong', nonce });
    },
  },
  {
    clauses: ['S6', 'V6'],
    title: 'does not come back after a goodbye that does not ask it to',
    run: async (stage) => {
      const side = await stage.firstConnection();
      await side.next('hello');
      side.send({ kind: 'goodbye', code: 'VERSION', message: 'too old' });
      equal((await stage.testee.event('ended')).about[0], 'VERSION');
      side.cut();
      await stage.noConnection(1_500);
    },
  },
  {
    clauses: ['S6'],
    title: 'comes back after a goodbye that asks it to, no sooner than that',
    run: async (stage) => {
      const side = await stage.joined(10);
      const retryAfterMs = 1_200;
      side.send({ kind: 'goodbye', code: 'SHUTDOWN', message: 'a moment', retryAfterMs });
      const before = performance.now();
      await stage.connection();
      const tookMs = performance.now() - before;
      ok(tookMs >= retryAfterMs - 5, `it came after ${tookMs} ms`);
    },
  },
  {
    clauses: ['V6'],
    title: 'ends when it is welcomed in a version that it did not offer',
    run: async (stage) => {
      const side = await stage.firstConnection();
      await side.welcome({ version: 9 });
      await stage.testee.event('ended');
      side.cut();
      await stage.noConnection(1_500);
    },
  },
  {
    clauses: ['J2'],
    title: 'ignores fields that it does not know, where it speaks JSON',
    run: async (stage) => {
      const side = await stage.joined(10);
      if (side.rendering !== 'json') return;
      const event = {
        kind: 'bcast',
        senderId: 'x',
        localId: 1,
        exclusive: false,
        data: 'hi',
        b: 1,
      };
      const about = { group, at: { epoch: 1, seq: 11, c: null }, time: 0, events: [event], a: [] };
      side.sendText(`\n${JSON.stringify({ kind: 'delivery', ...about })}\n`);
      equal((await stage.testee.event('message')).about[2], 'hi');
    },
  },
];

function never(): never {
  throw new Error('nothing was sent');
}
