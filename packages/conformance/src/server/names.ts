/** N1–N7. The names of `vectors/protocol/names.json`, and what follows from equality. */

import { equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { subprotocols } from '@choir/protocol';
import type { Case } from '../case.ts';
import { bcast, hello, message } from '../messages.ts';
import type { Stage } from '../stage.ts';

type Row = {
  readonly text: string;
  readonly group: boolean;
  readonly client: boolean;
  readonly display: boolean;
};

const rows: readonly Row[] = JSON.parse(
  readFileSync(new URL('../../../../vectors/protocol/names.json', import.meta.url), 'utf8'),
);

/** Sends JSON that names something; returns the code that ended the connection, or null. */
async function ending(stage: Stage, json: object, greeted = true): Promise<string | null> {
  const peer = await stage.peer([subprotocols.json], 'json');
  peer.send(...stage.credentials());
  if (greeted) peer.send(hello({ secret: stage.identity().secret }));
  peer.raw(`${JSON.stringify(json)}\n{"kind":"ping","nonce":7}`);
  const last = await peer.where(
    (each) => each.kind === 'goodbye' || each.kind === 'pong',
    'answer to a name',
  );
  peer.close();
  return last.kind === 'goodbye' ? last.code : null;
}

async function judged(
  stage: Stage,
  which: 'group' | 'client' | 'display',
  ask: (row: Row) => object,
) {
  for (const row of rows) {
    const code = await ending(stage, ask(row), which !== 'client');
    const wanted = row[which] ? null : 'BAD_NAME';
    const known = which === 'client' && code !== 'BAD_NAME' ? null : code;
    equal(known, wanted, `${which} name ${JSON.stringify(row.text)}: ${code ?? 'taken'}`);
  }
}

export const nameCases: readonly Case[] = [
  {
    clauses: ['N1', 'N7'],
    title: 'group names are taken or refused by the list',
    renderings: ['json'],
    run: (stage) =>
      judged(stage, 'group', ({ text }) => ({
        kind: 'read_state',
        requestId: 1,
        group: text,
        objects: [],
      })),
  },
  {
    clauses: ['N2'],
    title: 'object ids are taken or refused by the list',
    renderings: ['json'],
    run: (stage) =>
      judged(stage, 'group', ({ text }) => ({
        kind: 'read_state',
        requestId: 1,
        group: stage.group(),
        objects: [text],
      })),
  },
  {
    clauses: ['N3'],
    title: 'client ids are taken or refused by the list',
    renderings: ['json'],
    run: (stage) =>
      judged(stage, 'client', ({ text }) => ({
        kind: 'hello',
        version: 1,
        clientId: text,
        // Of nobody: who has the id already is not disturbed.
        secret: 'x'.repeat(16),
        agent: '',
      })),
  },
  {
    clauses: ['N4'],
    title: 'display names are taken or refused by the list',
    renderings: ['json'],
    run: (stage) =>
      judged(stage, 'display', ({ text }) => ({
        kind: 'join',
        requestId: 1,
        groups: [{ group: stage.group(), name: text, created: 0 }],
      })),
  },
  {
    clauses: ['N2'],
    title: 'an object of that id in another group is another object',
    run: async (stage) => {
      const [one, other] = [stage.group('one'), stage.group('other')];
      const actor = await stage.member(one);
      await actor.join(other);
      await actor.accepted(one, message(actor.write(one, 'x', '1')));
      equal((await actor.read(one)).updates.length, 1);
      equal((await actor.read(other)).updates.length, 0);
    },
  },
  {
    clauses: ['N5'],
    title: 'names that differ in their bytes only are of different groups',
    run: async (stage) => {
      const [composed, decomposed, large] = ['\u00e9', 'e\u0301', '\u00c9'].map((name) =>
        stage.group(name),
      );
      const actor = await stage.member(composed ?? '');
      for (const other of [decomposed, large]) {
        equal((await actor.read(other ?? '')).begin.created, 0);
      }
    },
  },
  {
    clauses: ['N6', 'M7'],
    title: 'one message to groups that are not related is refused, and to related ones is not',
    run: async (stage) => {
      const actor = await stage.actor();
      const [one, other] = [stage.group('one'), stage.group('other')];
      const apart = message(bcast(one, '1'), bcast(stage.unrelated(), '2'));
      const refused = await actor.settle(one, apart);
      equal(refused.kind === 'refused' && refused.code, 'CROSS_SHARD');
      const related = message(bcast(one, '1'), bcast(other, '2'));
      equal((await (await stage.actor()).settle(one, related)).kind, 'accepted');
    },
  },
];
