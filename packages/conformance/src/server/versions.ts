/** V1–V6. */
import { equal } from 'node:assert/strict';
import { subprotocols } from '@choir/protocol';
import type { Case } from '../case.ts';
import { hello } from '../messages.ts';

const { binary, json } = subprotocols;

export const versionCases: readonly Case[] = [
  {
    clauses: ['V1'],
    title: 'a client of a newer version is welcomed in this one',
    run: async (stage) => {
      const peer = await stage.peer();
      peer.send(...stage.credentials(), hello({ secret: stage.identity().secret, version: 9 }));
      equal((await peer.next('welcome')).version, 1);
    },
  },
  {
    clauses: ['V1', 'V6'],
    title: 'a client of an older version is refused for good',
    run: async (stage) => {
      const peer = await stage.peer();
      peer.send(...stage.credentials(), hello({ secret: stage.identity().secret, version: 0 }));
      const { code, retryAfterMs } = await peer.next('goodbye');
      equal(code, 'VERSION');
      equal(retryAfterMs, undefined);
    },
  },
  {
    clauses: ['V2'],
    title: 'the first sub-protocol that is offered and known is picked',
    renderings: ['binary'],
    run: async (stage) => {
      for (const offered of [
        [json, binary],
        [binary, json],
        ['mqtt', json],
      ]) {
        const known = offered.find((each) => each.startsWith('choir.'));
        equal((await stage.peer(offered)).protocol, known);
      }
    },
  },
  {
    clauses: ['V2'],
    title: 'a client that offers none speaks binary',
    renderings: ['binary'],
    run: async (stage) => {
      const peer = await stage.peer([]);
      equal(peer.protocol, '');
      peer.send(...stage.credentials(), hello({ secret: stage.identity().secret }));
      await peer.next('welcome');
    },
  },
  {
    clauses: ['V2'],
    title: 'the other sort of WebSocket message is MALFORMED',
    run: async (stage) => {
      const { peer } = await stage.actor();
      peer.raw(stage.rendering === 'json' ? new Uint8Array([1, 10]) : '{"kind":"bye"}');
      equal((await peer.next('goodbye')).code, 'MALFORMED');
    },
  },
  {
    clauses: ['V4', 'V5'],
    title: 'a client of later versions only is told why before it is closed',
    run: async (stage) => {
      const later = `choir.9.${stage.rendering}`;
      const peer = await stage.peer(['mqtt', later]);
      equal(peer.protocol, later);
      equal((await peer.next('goodbye')).code, 'VERSION');
      const { code, reason } = await peer.closed();
      equal(code, 1002);
      equal(reason, 'VERSION');
    },
  },
];
