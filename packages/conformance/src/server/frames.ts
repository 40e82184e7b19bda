/** F1–F5, B1–B9, J1–J5: the vectors of `vectors/protocol`, sent to the server. */

import { deepEqual, equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { encodeJsonMessage, encodeMessage, fromClient, limits } from '@choir/protocol';
import type { Case } from '../case.ts';
import { bcast, message, submit, text } from '../messages.ts';
import type { Stage } from '../stage.ts';

type Refused = {
  readonly clause: string;
  readonly why: string;
  readonly table: 'from-client' | 'from-server';
  readonly binary?: string;
  readonly json?: string;
  readonly code: string;
};
type Accepted = { readonly json: { readonly kind: string }; readonly binary: string };

function vectors<T>(name: string): readonly T[] {
  const file = new URL(`../../../../vectors/protocol/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

const refusedCases = vectors<Refused>('refused')
  .filter(({ table }) => table === 'from-client')
  .map(({ clause, why, binary, json, code }): Case => {
    const frame = binary === undefined ? (json ?? '') : new Uint8Array(Buffer.from(binary, 'hex'));
    return {
      clauses: [clause],
      title: `refused as ${code}: ${why}`,
      renderings: [binary === undefined ? 'json' : 'binary'],
      run: async (stage) => {
        const { peer } = await stage.actor();
        peer.raw(frame);
        equal((await peer.next('goodbye')).code, code);
      },
    };
  });

/** About the form; whatever else is wrong with an example is no matter here. */
const ofTheForm = ['MALFORMED', 'BAD_NAME', 'TOO_LARGE'];

const example = (stage: Stage, { json, binary }: Accepted) =>
  stage.rendering === 'json' ? JSON.stringify(json) : framed(Buffer.from(binary, 'hex'));

/** A message with its length before it; the examples are short. */
function framed(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = bytes;
  const head = length < 128 ? [length] : [(length % 128) + 128, Math.floor(length / 128)];
  return new Uint8Array([...head, ...bytes]);
}

export const frameCases: readonly Case[] = [
  ...refusedCases,
  {
    clauses: [
      'B1',
      'B2',
      'B3',
      'B4',
      'B5',
      'B6',
      'B7',
      'B8',
      'B9',
      'J1',
      'J2',
      'J3',
      'J4',
      'F2',
      'F3',
    ],
    title: 'every example of a message from a client is understood',
    run: async (stage) => {
      for (const each of vectors<Accepted>('from-client')) {
        const { peer } = await stage.actor();
        peer.raw(example(stage, each));
        peer.send({ kind: 'ping', nonce: 7 });
        const isEnd = (found: { kind: string }) => ['goodbye', 'pong'].includes(found.kind);
        if (each.json.kind === 'bye') await peer.closed();
        else {
          const last = await peer.where((found): found is typeof found => isEnd(found), 'answer');
          if (last.kind === 'goodbye') {
            equal(ofTheForm.includes(last.code), false, `${each.json.kind}: ${last.code}`);
          }
        }
        peer.close();
      }
    },
  },
  {
    clauses: ['F1'],
    title: 'a bad message leaves no trace of the good one before it',
    run: async (stage) => {
      const group = stage.group();
      const watcher = await stage.actor();
      await watcher.watch(group);
      const identity = stage.identity();
      const spoiled = await stage.actor(identity);
      const good = submit(group, 1, 0, message(bcast(group, 'spoiled')));
      if (stage.rendering === 'json') {
        spoiled.peer.raw(`${encodeJsonMessage(fromClient, good)}\n{"kind":"none"}`);
      } else spoiled.peer.raw(new Uint8Array([...encodeMessage(fromClient, good), 1, 0]));
      await spoiled.peer.next('goodbye');
      const again = await stage.actor(identity);
      await again.accepted(group, message(bcast(group, 'good')));
      const { event } = await watcher.event(group, 'bcast');
      equal(text(event.data), 'good');
    },
  },
  {
    clauses: ['F1'],
    title: 'a frame may hold no message, or many',
    run: async (stage) => {
      const { peer } = await stage.actor();
      peer.send();
      peer.send({ kind: 'ping', nonce: 1 }, { kind: 'ping', nonce: 2 });
      equal((await peer.next('pong')).nonce, 1);
      equal((await peer.next('pong')).nonce, 2);
    },
  },
  {
    clauses: ['F3', 'J1', 'J2'],
    title:
      'empty lines mean nothing, unknown fields are ignored, integers may be spelled otherwise',
    renderings: ['json'],
    run: async (stage) => {
      const { peer } = await stage.actor();
      peer.raw('\n \t\r\n{"nonce":1e1,"kind":"ping","later":{"kind":"bye"}}\n\n');
      equal((await peer.next('pong')).nonce, 10);
      peer.raw('{"kind":"bye","nonce":1,"nonce":2,"kind":"ping"}');
      equal((await peer.next('pong')).nonce, 2);
    },
  },
  {
    clauses: ['F4'],
    title: 'too many messages in one frame are TOO_LARGE',
    run: async (stage) => {
      const { peer } = await stage.actor();
      const count = limits.frameMessages + 1;
      if (stage.rendering === 'json') peer.raw('\n'.repeat(count));
      else peer.raw(new Uint8Array(3 * count).map((_byte, index) => [2, 9, 1][index % 3] ?? 0));
      equal((await peer.next('goodbye')).code, 'TOO_LARGE');
    },
  },
  {
    clauses: ['F4'],
    title: 'a frame of more bytes than allowed is TOO_LARGE',
    run: async (stage) => {
      const { peer } = await stage.actor();
      const tooMany = limits.frameBytes + 1;
      peer.raw(stage.rendering === 'json' ? ' '.repeat(tooMany) : new Uint8Array(tooMany));
      const { code, reason } = await peer.closed();
      equal(code, 1009, `closed with ${code} ${reason}`);
    },
  },
  {
    clauses: ['F5'],
    title: 'a payload over its limit is TOO_LARGE',
    run: async (stage) => {
      const { peer } = await stage.actor();
      const own = stage.group();
      const length = limits.messageBytes + 1;
      // An honest encoder refuses to write it: this one is put together by hand.
      if (stage.rendering === 'binary') peer.raw(largePayload(length));
      else peer.raw(JSON.stringify({ kind: 'volatile', group: own, data: 'x'.repeat(length) }));
      equal((await peer.next('goodbye')).code, 'TOO_LARGE');
    },
  },
  {
    clauses: ['J4'],
    title: 'payloads come as text when they are, and as base64 when not, however they were sent',
    renderings: ['json'],
    run: async (stage) => {
      const group = stage.group();
      const watcher = await stage.actor();
      await watcher.watch(group);
      const { peer } = await stage.actor();
      const datas = [{ base64: 'YWJj' }, 'a\tb\r\n', { base64: 'AP8=' }, '\u0001'];
      for (const [index, data] of datas.entries()) {
        const part = { kind: 'bcast', group, exclusive: false, data };
        const body = { kind: 'message', parts: [part] };
        const own = { kind: 'submit', group, localId: index + 1, previous: index, body };
        peer.raw(JSON.stringify(own));
      }
      const found: Uint8Array[] = [];
      while (found.length < datas.length) {
        const { event } = await watcher.event(group, 'bcast');
        found.push(event.data);
      }
      const shown = found.map((data) => [...data]);
      const rendered = watcher.peer.lines.flatMap(
        (line) => /"data":("[^"]*"|\{[^}]*\})/.exec(line)?.[1] ?? [],
      );
      deepEqual(rendered, ['"abc"', '"a\\tb\\r\\n"', '{"base64":"AP8="}', '{"base64":"AQ=="}']);
      deepEqual(shown, [[97, 98, 99], [97, 9, 98, 13, 10], [0, 255], [1]]);
    },
  },
];

/** volatile to the group a with a payload of that length. */
function largePayload(length: number): Uint8Array<ArrayBuffer> {
  const head = [7, 1, 97, ...natural(length)];
  const whole = new Uint8Array([...natural(head.length + length), ...head]);
  const frame = new Uint8Array(whole.length + length);
  frame.set(whole);
  return frame;
}

function natural(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...natural(Math.floor(value / 128))];
}
