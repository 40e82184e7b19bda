/** I1 and I2, where the server asks for credentials. */
import { equal } from 'node:assert/strict';
import type { Case } from '../case.ts';
import { hello } from '../messages.ts';

export const credentialCases: readonly Case[] = [
  {
    clauses: ['I1'],
    title: 'a hello without credentials is UNAUTHORIZED',
    credentials: 'needed',
    run: async (stage) => {
      const peer = await stage.peer();
      peer.send(hello({ secret: stage.identity().secret }));
      equal((await peer.next('goodbye')).code, 'UNAUTHORIZED');
    },
  },
  {
    clauses: ['I1', 'I2'],
    title: 'credentials are answered before the hello behind them, which need not wait',
    credentials: 'needed',
    run: async (stage) => {
      const { peer } = await stage.actor();
      equal(peer.received[0]?.kind, 'authorized');
    },
  },
  {
    clauses: ['I2'],
    title: 'a token that does not hold is UNAUTHORIZED, for good',
    credentials: 'needed',
    run: async (stage) => {
      const peer = await stage.peer();
      peer.send({ kind: 'credentials', token: 'e30.e30.e30' });
      const { code, retryAfterMs } = await peer.next('goodbye');
      equal(code, 'UNAUTHORIZED');
      equal(retryAfterMs, undefined);
    },
  },
  {
    clauses: ['I2'],
    title: 'a server that asks for no credentials takes no notice of them',
    credentials: 'absent',
    run: async (stage) => {
      const peer = await stage.peer();
      const { secret } = stage.identity();
      peer.send({ kind: 'credentials', token: 'e30.e30.e30' }, hello({ secret }));
      await peer.next('welcome');
      equal(peer.received[0]?.kind, 'welcome');
    },
  },
];
