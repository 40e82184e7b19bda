/** M1–M8. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { limits, type Part } from '@choir/protocol';
import type { Actor } from '../actor.ts';
import type { Case } from '../case.ts';
import { bcast, joinTarget, lockRelease, lockRequest, message, submit, text } from '../messages.ts';

/** Locks an object; returns the number of the lock set. */
export async function locked(actor: Actor, group: string, object: string): Promise<number> {
  actor.submit(group, lockRequest([object]));
  const { event } = await actor.event(group, 'lock_granted', ({ objects }) =>
    objects.some((each) => each === object),
  );
  return event.lockSet;
}

const refusedWith = async (actor: Actor, group: string, ...parts: readonly Part[]) => {
  const outcome = await actor.settle(group, message(...parts));
  return outcome.kind === 'refused' ? outcome.code : 'accepted';
};

export const submissionCases: readonly Case[] = [
  {
    clauses: ['M1'],
    title: 'a local id that comes again with other content is ID_REUSED',
    run: async (stage) => {
      const group = stage.group();
      const actor = await stage.actor();
      await actor.accepted(group, message(bcast(group, 'one')));
      actor.peer.send(submit(group, 1, 0, message(bcast(group, 'other'))));
      const outcome = await actor.outcome(1);
      equal(outcome.kind === 'refused' && outcome.code, 'ID_REUSED');
    },
  },
  {
    clauses: ['M1', 'M2'],
    title: 'local ids are numbered over all groups, and chained in each',
    run: async (stage) => {
      const [one, other] = [stage.group('one'), stage.group('other')];
      const actor = await stage.actor();
      for (const group of [one, other, one, other]) {
        await actor.accepted(group, message(bcast(group, 'x')));
      }
    },
  },
  {
    clauses: ['M2', 'M4'],
    title: 'a submission whose predecessor is missing is answered with resend, and waits for it',
    run: async (stage) => {
      const group = stage.group();
      const watcher = await stage.actor();
      await watcher.watch(group);
      const { peer, ...actor } = await stage.actor();
      const all = [1, 2, 3].map((own) =>
        submit(group, own, own - 1, message(bcast(group, `${own}`))),
      );
      peer.send(...all.slice(2));
      equal((await peer.next('resend')).mark, 0);
      peer.send(...all);
      for (const expected of ['1', '2', '3']) {
        equal(text((await watcher.event(group, 'bcast')).event.data), expected);
      }
      ok(actor.identity.clientId);
    },
  },
  {
    clauses: ['M3'],
    title: 'an outcome older than the last 256 is FORGOTTEN',
    run: async (stage) => {
      const group = stage.group();
      const actor = await stage.actor();
      const body = message(bcast(group, 'x'));
      const first = actor.submit(group, body);
      await actor.outcome(first);
      let last = first;
      for (let index = 0; index < limits.sendWindow; index += 1) last = actor.submit(group, body);
      await actor.outcome(last);
      actor.peer.send(submit(group, first, 0, body));
      const outcome = await actor.outcome(first);
      equal(outcome.kind === 'refused' && outcome.code, 'FORGOTTEN');
    },
  },
  {
    clauses: ['M3', 'M5'],
    title: 'a refusal with a position moves the mark, and is repeated as it was',
    run: async (stage) => {
      const group = stage.group();
      await stage.member(group);
      const actor = await stage.actor();
      const body = message(actor.write(group, 'x', 'by no member'));
      const refused = await actor.settle(group, body);
      equal(refused.kind === 'refused' && refused.code, 'NOT_A_MEMBER');
      ok(refused.at !== null && refused.at > 0, 'it has a position');
      await actor.accepted(group, message(bcast(group, 'next')));
      actor.peer.send(submit(group, 1, 0, body));
      deepEqual(await actor.outcome(1), refused);
    },
  },
  {
    clauses: ['M5'],
    title: 'after a refusal without a position the next takes its place',
    run: async (stage) => {
      const group = stage.group();
      const actor = await stage.actor();
      const apart = message(bcast(group, '1'), bcast(stage.unrelated(), '2'));
      actor.peer.send(submit(group, 1, 0, apart));
      const refused = await actor.outcome(1);
      equal(refused.kind === 'refused' && refused.at, null);
      actor.peer.send(submit(group, 2, 0, message(bcast(group, 'next'))));
      equal((await actor.outcome(2)).kind, 'accepted');
    },
  },
  {
    clauses: ['M6'],
    title: 'a window of 256 submissions in one frame is taken, each once and in order',
    run: async (stage) => {
      const group = stage.group();
      const member = await stage.member(group);
      const all = Array.from({ length: limits.sendWindow }, (_each, index) =>
        submit(group, index + 1, index, message(bcast(group, `${index + 1}`))),
      );
      member.peer.send(...all);
      for (let expected = 1; expected <= all.length; expected += 1) {
        equal(text((await member.event(group, 'bcast')).event.data), `${expected}`);
      }
    },
  },
  {
    clauses: ['M7'],
    title: 'where one part of a message is refused none takes effect',
    run: async (stage) => {
      const [one, other] = [stage.group('one'), stage.group('other')];
      const holder = await stage.member(other);
      await locked(holder, other, 'x');
      const member = await stage.member(one);
      await member.join(other);
      equal(
        await refusedWith(member, one, bcast(one, 'a'), member.write(other, 'x', 'b')),
        'LOCKED',
      );
      await member.accepted(one, message(bcast(one, 'next')));
      const data = member.peer.received.flatMap((each) =>
        each.kind === 'delivery'
          ? each.events.flatMap((event) => (event.kind === 'bcast' ? [text(event.data)] : []))
          : [],
      );
      deepEqual(data, ['next']);
    },
  },
  {
    clauses: ['M7'],
    title:
      'a join of groups that are not related is CROSS_SHARD, of related ones has a block for each',
    run: async (stage) => {
      const actor = await stage.actor();
      const name = 'somebody';
      const apart = [stage.group(), stage.unrelated()].map((group) => [group, name] as const);
      equal(await actor.refusedJoin(...apart), 'CROSS_SHARD');
      const groups = ['one', 'other'].map((each) => joinTarget(stage.group(each), name));
      actor.peer.send({ kind: 'join', requestId: 99, groups });
      const blocks = [await actor.block(99), await actor.block(99)];
      equal(new Set(blocks.map(({ begin }) => begin.group)).size, 2);
      equal(blocks[0]?.begin.at.seq, blocks[1]?.begin.at.seq);
    },
  },
  {
    clauses: ['M8'],
    title: 'a write to what another has locked is LOCKED, and names who',
    run: async (stage) => {
      const group = stage.group();
      const [holder, other] = [await stage.member(group), await stage.member(group)];
      await locked(holder, group, 'x');
      const own = other.submit(group, message(other.write(group, 'x', 'mine')));
      const refused = await other.peer.next('refused', ({ localId }) => localId === own);
      equal(refused.code, 'LOCKED');
      const [first] = refused.holders;
      equal(first?.clientId, holder.identity.clientId);
    },
  },
  {
    clauses: ['M8'],
    title: 'a write under a lock set that is no longer held is STALE_FENCE',
    run: async (stage) => {
      const group = stage.group();
      const member = await stage.member(group);
      const fence = await locked(member, group, 'x');
      await member.accepted(group, message(member.write(group, 'x', 'held', { fence })));
      await member.accepted(group, lockRelease(fence));
      equal(
        await refusedWith(member, group, member.write(group, 'x', 'stale', { fence })),
        'STALE_FENCE',
      );
    },
  },
  {
    clauses: ['M8'],
    title: 'a write to a group of before its beginning is CHECKPOINTED',
    run: async (stage) => {
      const group = stage.group();
      const member = await stage.member(group);
      equal(
        await refusedWith(member, group, member.write(group, 'x', 'y', { base: 0 })),
        'CHECKPOINTED',
      );
    },
  },
  {
    clauses: ['M8'],
    title: 'a write that could not know of a change of the lock is CONFLICT',
    run: async (stage) => {
      const group = stage.group();
      const [one, other] = [await stage.member(group), await stage.member(group)];
      const base = await one.accepted(group, message(one.write(group, 'x', 'before')));
      await other.accepted(group, lockRelease(await locked(other, group, 'x')));
      equal(await refusedWith(one, group, one.write(group, 'x', 'late', { base })), 'CONFLICT');
    },
  },
];
