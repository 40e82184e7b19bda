/** T1–T6. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { FromServer } from '@choir/protocol';
import type { Case } from '../case.ts';
import { bcast, bytes, groupNamed, message, submit, text } from '../messages.ts';

function positionOf(found: FromServer): number | null {
  if (found.kind === 'delivery' || found.kind === 'ack') return found.at.seq;
  return null;
}

export const streamCases: readonly Case[] = [
  {
    clauses: ['T1'],
    title: 'two members receive the same deliveries in the same order, by position',
    run: async (stage) => {
      const group = stage.group();
      const members = [await stage.member(group), await stage.member(group)];
      for (let round = 0; round < 20; round += 1) {
        for (const each of members) each.submit(group, message(bcast(group, `${round}`)));
      }
      const seen: (readonly [number, string])[][] = [];
      for (const each of members) {
        const list: [number, string][] = [];
        while (list.length < 40) {
          const { at, event } = await each.event(group, 'bcast');
          list.push([at, `${event.senderId} ${text(event.data)}`]);
        }
        seen.push(list);
        const positions = each.peer.received.flatMap((found) => positionOf(found) ?? []);
        deepEqual(
          positions,
          [...positions].sort((one, other) => one - other),
        );
      }
      deepEqual(seen[0], seen[1]);
    },
  },
  {
    clauses: ['T2', 'M7'],
    title: 'the parts of one message are one delivery in each of its groups, at one position',
    run: async (stage) => {
      const [one, other] = [stage.group('one'), stage.group('other')];
      const watcher = await stage.actor();
      await watcher.watch(one);
      await watcher.watch(other);
      const member = await stage.member(one);
      await member.join(other);
      const parts = [bcast(one, 'a'), member.write(one, 'x', 'b'), bcast(other, 'c')];
      const at = await member.accepted(one, message(...parts));
      const holds = (group: string) =>
        watcher.peer.next('delivery', (each) => each.group === group && each.at.seq === at);
      deepEqual(
        (await holds(one)).events.map(({ kind }) => kind),
        ['bcast', 'obj_state'],
      );
      deepEqual(
        (await holds(other)).events.map(({ kind }) => kind),
        ['bcast'],
      );
    },
  },
  {
    clauses: ['T3'],
    title:
      'a member gets its own message back, and an acknowledgement in place of an exclusive one',
    run: async (stage) => {
      const group = stage.group();
      const member = await stage.member(group);
      const other = await stage.member(group);
      const plain = await member.settle(group, message(bcast(group, 'plain')));
      equal(plain.kind === 'accepted' && plain.by, 'delivery');
      const exclusive = await member.settle(group, message(bcast(group, 'exclusive', true)));
      equal(exclusive.kind === 'accepted' && exclusive.by, 'ack');
      await other.event(group, 'bcast', ({ data }) => text(data) === 'exclusive');
    },
  },
  {
    clauses: ['T3'],
    title: 'a sender that is no member gets an acknowledgement',
    run: async (stage) => {
      const actor = await stage.actor();
      const outcome = await actor.settle(stage.group(), message(bcast(stage.group(), 'x')));
      equal(outcome.kind === 'accepted' && outcome.by, 'ack');
    },
  },
  {
    clauses: ['T5', 'M3'],
    title: 'a repetition is answered with the outcome that it had',
    run: async (stage) => {
      const group = stage.group();
      const actor = await stage.actor();
      const body = message(bcast(group, 'once'));
      const first = await actor.settle(group, body);
      await actor.accepted(group, message(bcast(group, 'twice')));
      actor.peer.send(submit(group, 1, 0, body));
      deepEqual(await actor.outcome(1), first);
      const later = await stage.actor(actor.identity);
      later.peer.send(submit(group, 1, 0, body));
      deepEqual(await later.outcome(1), first);
    },
  },
  {
    clauses: ['T6'],
    title: 'a volatile message reaches members, and is not in the log',
    run: async (stage) => {
      const group = stage.group();
      const [sender, receiver] = [await stage.member(group), await stage.member(group)];
      await sender.event(group, 'new_member');
      sender.peer.send({ kind: 'volatile', group: groupNamed(group), data: bytes('here') });
      const found = await receiver.peer.next('volatile');
      equal(text(found.data), 'here');
      equal(found.senderId, sender.identity.clientId);
      const after = await sender.accepted(group, message(bcast(group, 'x')));
      ok(found.after < after, `${found.after} before ${after}`);
    },
  },
];
