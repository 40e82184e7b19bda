/** K1–K8. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Actor, Block } from '../actor.ts';
import type { Case } from '../case.ts';
import { bcast, message, text } from '../messages.ts';

async function say(actor: Actor, group: string, ...texts: readonly string[]): Promise<number> {
  let at = 0;
  for (const each of texts) at = await actor.accepted(group, message(bcast(group, each)));
  return at;
}

function textsIn({ deliveries }: Block): readonly string[] {
  return deliveries.flatMap(({ events }) =>
    events.flatMap((event) => (event.kind === 'bcast' ? [text(event.data)] : [])),
  );
}

export const blockCases: readonly Case[] = [
  {
    clauses: ['K1', 'K3'],
    title: 'a first join is answered with a transfer, after which deliveries follow',
    run: async (stage) => {
      const group = stage.group();
      const other = await stage.member(group);
      await say(other, group, 'before');
      const actor = await stage.actor();
      const { begin, end } = await actor.join(group);
      equal(begin.kind, 'transfer_begin');
      equal(begin.kind === 'transfer_begin' && begin.gap, false);
      deepEqual(end.at, begin.at);
      await say(other, group, 'after');
      const { at, event } = await actor.event(group, 'bcast');
      equal(text(event.data), 'after');
      ok(at > begin.at.seq, 'what is in the state does not follow it');
    },
  },
  {
    clauses: ['K2'],
    title: 'a client that says where it was gets exactly what it missed',
    run: async (stage) => {
      const group = stage.group();
      const other = await stage.member(group);
      const actor = await stage.actor();
      const { begin } = await actor.join(group);
      const seen = await say(other, group, 'seen');
      await actor.event(group, 'bcast');
      actor.leaveConnection();
      await say(other, group, 'one', 'two', 'three');
      const back = await stage.actor(actor.identity);
      const after = { epoch: begin.at.epoch, seq: seen };
      const block = await back.join(group, { created: begin.created, after });
      equal(block.begin.kind, 'resume_begin');
      deepEqual(textsIn(block), ['one', 'two', 'three']);
      ok(block.deliveries.every(({ at }) => at.seq > seen && at.seq <= block.end.at.seq));
    },
  },
  {
    clauses: ['K2'],
    title: 'a watch resumes as a join does',
    run: async (stage) => {
      const group = stage.group();
      const other = await stage.member(group);
      const actor = await stage.actor();
      const { begin } = await actor.watch(group);
      await say(other, group, 'one', 'two');
      const back = await stage.actor(actor.identity);
      const from = { created: begin.created, after: begin.at };
      const block = await back.watch(group, 'everything', from);
      equal(block.begin.kind, 'resume_begin');
      deepEqual(textsIn(block), ['one', 'two']);
    },
  },
  {
    clauses: ['K3'],
    title: 'who was in another group of that name is told of a gap',
    run: async (stage) => {
      const group = stage.group();
      const other = await stage.member(group);
      const at = await say(other, group, 'x');
      const { begin } = await other.read(group);
      const after = { epoch: begin.at.epoch, seq: at };
      const from = { created: begin.created + 1, after };
      const block = await (await stage.actor()).join(group, from);
      equal(block.begin.kind === 'transfer_begin' && block.begin.gap, true);
    },
  },
  {
    clauses: ['K4'],
    title: 'the updates of an object are transferred so that they fold to its content',
    run: async (stage) => {
      const group = stage.group();
      const member = await stage.member(group);
      const updates = [
        ['INC', 'lost'],
        ['NEW', 'a'],
        ['INC', 'b'],
        ['INC', 'c'],
      ] as const;
      for (const [update, data] of updates) {
        await member.accepted(group, message(member.write(group, 'x', data, { update })));
      }
      let content = '';
      for (const { update, data } of (await (await stage.actor()).join(group)).updates) {
        content = update === 'NEW' ? text(data) : content + text(data);
      }
      equal(content, 'abc');
    },
  },
  {
    clauses: ['K5'],
    title: 'a block tells the mark of the own chain',
    run: async (stage) => {
      const group = stage.group();
      const actor = await stage.actor();
      await say(actor, group, 'one', 'two', 'three');
      const back = await stage.actor(actor.identity);
      equal((await back.join(group)).begin.mark, 3);
      equal((await (await stage.actor()).join(group)).begin.mark, 0);
    },
  },
  {
    clauses: ['K6'],
    title: 'a block can be asked for again from any delivery in it',
    run: async (stage) => {
      const group = stage.group();
      const other = await stage.member(group);
      const actor = await stage.actor();
      const { begin } = await actor.join(group);
      await say(other, group, 'one', 'two', 'three');
      const first = await stage.actor(actor.identity);
      const whole = await first.join(group, { created: begin.created, after: begin.at });
      const second = await stage.actor(actor.identity);
      const taken = whole.deliveries.find(({ events }) => events[0]?.kind === 'bcast');
      ok(taken !== undefined, 'the first delivery of a message');
      const rest = await second.join(group, { created: begin.created, after: taken.at });
      deepEqual(textsIn(rest), ['two', 'three']);
    },
  },
  {
    clauses: ['K7'],
    title: 'where there is no group, created is 0, and a watch waits for it',
    run: async (stage) => {
      const group = stage.group();
      const watcher = await stage.actor();
      equal((await watcher.read(group)).begin.created, 0);
      equal((await watcher.watch(group)).begin.created, 0);
      const member = await stage.member(group);
      await say(member, group, 'first');
      equal(text((await watcher.event(group, 'bcast')).event.data), 'first');
    },
  },
  {
    clauses: ['K8', 'K1'],
    title: 'a position ahead of the log, or of an unknown epoch, is UNKNOWN_POSITION',
    run: async (stage) => {
      const group = stage.group();
      const member = await stage.member(group);
      const { begin } = await member.read(group);
      const { created, at } = begin;
      const actor = await stage.actor();
      const ahead = { created, after: { epoch: at.epoch, seq: 2 ** 50 } };
      equal(await actor.refusedJoin([group, 'somebody', ahead]), 'UNKNOWN_POSITION');
      const unknown = { created, after: { epoch: 2 ** 50, seq: at.seq } };
      equal(await actor.refusedJoin([group, 'somebody', unknown]), 'UNKNOWN_POSITION');
    },
  },
];
