/** S1–S6. */
import { equal, ok } from 'node:assert/strict';
import type { Case } from '../case.ts';
import { bcast, hello, message, submit, text } from '../messages.ts';

export const sessionCases: readonly Case[] = [
  {
    clauses: ['S1'],
    title: 'anything before hello is NO_HELLO',
    run: async (stage) => {
      const peer = await stage.peer();
      peer.send({ kind: 'ping', nonce: 1 });
      equal((await peer.next('goodbye')).code, 'NO_HELLO');
    },
  },
  {
    clauses: ['S1'],
    title: 'a second hello is ALREADY_ATTACHED',
    run: async (stage) => {
      const { peer, identity } = await stage.actor();
      peer.send(hello(identity));
      equal((await peer.next('goodbye')).code, 'ALREADY_ATTACHED');
    },
  },
  {
    clauses: ['S2'],
    title: 'a hello without an id is given one, which belongs to its secret',
    run: async (stage) => {
      const { secret } = stage.identity();
      const peer = await stage.peer();
      peer.send(...stage.credentials(), hello({ secret }));
      const { clientId } = await peer.next('welcome');
      equal((await stage.actor({ clientId, secret })).welcome.clientId, clientId);
    },
  },
  {
    clauses: ['S2'],
    title: 'an id that nobody used is taken, and with another secret it is WRONG_SECRET',
    run: async (stage) => {
      const { identity, welcome } = await stage.actor();
      equal(welcome.clientId, identity.clientId);
      const peer = await stage.peer();
      const { secret } = stage.identity();
      peer.send(...stage.credentials(), hello({ clientId: identity.clientId, secret }));
      const { code, retryAfterMs } = await peer.next('goodbye');
      equal(code, 'WRONG_SECRET');
      equal(retryAfterMs, undefined);
    },
  },
  {
    clauses: ['S3', 'S6'],
    title: 'a newer session has a higher number and ends the older one for good',
    run: async (stage) => {
      const older = await stage.actor();
      const newer = await stage.actor(older.identity);
      ok(newer.session > older.session, `${newer.session} after ${older.session}`);
      const { code, retryAfterMs } = await older.peer.next('goodbye');
      equal(code, 'SUPERSEDED');
      equal(retryAfterMs, undefined);
      await older.peer.closed();
      equal(older.peer.received.at(-1)?.kind, 'goodbye');
      newer.peer.send({ kind: 'ping', nonce: 1 });
      await newer.peer.next('pong');
    },
  },
  {
    clauses: ['S4', 'M3'],
    title: 'what was under way at a cut and is sent again takes effect once',
    run: async (stage) => {
      const group = stage.group();
      const watcher = await stage.actor();
      await watcher.watch(group);
      const identity = stage.identity();
      const all = Array.from({ length: 20 }, (_each, index) =>
        submit(group, index + 1, index, message(bcast(group, `${index + 1}`))),
      );
      const cut = await stage.actor(identity);
      cut.peer.send(...all.slice(0, 10));
      const again = await stage.actor(identity);
      again.peer.send(...all);
      for (let expected = 1; expected <= all.length; expected += 1) {
        const { event } = await watcher.event(group, 'bcast');
        equal(text(event.data), `${expected}`);
      }
    },
  },
  {
    clauses: ['S5'],
    title: 'a ping is answered by a pong with its nonce',
    run: async (stage) => {
      const { peer, welcome } = await stage.actor();
      peer.send({ kind: 'ping', nonce: 2 ** 53 - 1 });
      equal((await peer.next('pong')).nonce, 2 ** 53 - 1);
      ok(welcome.heartbeatMs > 0, 'heartbeatMs is a duration');
    },
  },
  {
    clauses: ['S6'],
    title: 'bye ends the connection',
    run: async (stage) => {
      const { peer } = await stage.actor();
      peer.send({ kind: 'bye' });
      await peer.closed();
    },
  },
];
