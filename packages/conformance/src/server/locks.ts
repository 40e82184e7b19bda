/** L1–L3. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { FromServer } from '@choir/protocol';
import type { Case } from '../case.ts';
import { bcast, lockRelease, lockRequest, message } from '../messages.ts';
import { locked } from './submissions.ts';

/** Short enough to wait for, long enough for a connection to come back before it is over. */
const graceMs = 400;

function membershipIn(received: readonly FromServer[], about: string): readonly string[] {
  return received.flatMap((each) =>
    each.kind === 'delivery'
      ? each.events.flatMap((event) =>
          'clientId' in event && event.clientId === about ? [event.kind] : [],
        )
      : [],
  );
}

export const lockCases: readonly Case[] = [
  {
    clauses: ['L1'],
    title: 'the number of a lock set is the position of its grant, and grows',
    run: async (stage) => {
      const group = stage.group();
      const member = await stage.member(group);
      member.submit(group, lockRequest(['x', 'y']));
      const { at, event } = await member.event(group, 'lock_granted');
      equal(event.lockSet, at);
      deepEqual([...event.objects].sort(), ['x', 'y']);
      await member.accepted(group, lockRelease(event.lockSet));
      ok((await locked(member, group, 'x')) > at, 'a later grant has a higher number');
    },
  },
  {
    clauses: ['L1'],
    title: 'a set of which one object is taken is granted not at all',
    run: async (stage) => {
      const group = stage.group();
      const [one, other] = [await stage.member(group), await stage.member(group)];
      await locked(one, group, 'x');
      const own = other.submit(group, lockRequest(['x', 'y']));
      const refused = await other.peer.next('refused', ({ localId }) => localId === own);
      equal(refused.code, 'LOCK_DENIED');
      deepEqual(
        refused.holders.map(({ object, clientId }) => [object, clientId]),
        [['x', one.identity.clientId]],
      );
      await locked(one, group, 'y');
    },
  },
  {
    clauses: ['L1'],
    title: 'requests that wait are served first come, first served',
    run: async (stage) => {
      const group = stage.group();
      const holder = await stage.member(group);
      const waiters = [await stage.member(group), await stage.member(group)];
      let fence = await locked(holder, group, 'x');
      for (const each of waiters) {
        const own = each.submit(group, lockRequest(['x'], { wait: true }));
        await each.peer.next('waiting', ({ localId }) => localId === own);
      }
      let giver = holder;
      for (const each of waiters) {
        await giver.accepted(group, lockRelease(fence));
        const { event } = await each.event(group, 'lock_granted', ({ lockSet }) => lockSet > fence);
        equal(event.senderId, each.identity.clientId);
        fence = event.lockSet;
        giver = each;
      }
    },
  },
  {
    clauses: ['L2', 'L3'],
    title: 'who comes back in time is still a member and still has its locks',
    run: async (stage) => {
      const group = stage.group();
      const watcher = await stage.actor();
      await watcher.watch(group);
      const member = await stage.member(group);
      const fence = await locked(member, group, 'x');
      member.leaveConnection();
      const about = member.identity.clientId;
      await watcher.event(group, 'disconnected_member', ({ clientId }) => clientId === about);
      const back = await stage.actor(member.identity);
      const { begin } = await back.join(group);
      await watcher.event(group, 'rejoined_member', ({ clientId }) => clientId === about);
      const locks = begin.kind === 'transfer_begin' ? begin.locks : [];
      deepEqual(
        locks.map(({ lockSet, senderId }) => [lockSet, senderId]),
        [[fence, about]],
      );
      deepEqual(membershipIn(watcher.peer.received, about), [
        'new_member',
        'disconnected_member',
        'rejoined_member',
      ]);
    },
  },
  {
    clauses: ['L2'],
    title: 'a lock outlives its grace period no longer than that',
    run: async (stage) => {
      const group = stage.group();
      const watcher = await stage.actor();
      await watcher.watch(group);
      const member = await stage.member(group);
      member.submit(group, lockRequest(['x'], { graceMs }));
      const { event } = await member.event(group, 'lock_granted');
      equal(event.graceMs, graceMs);
      member.leaveConnection();
      await watcher.event(group, 'disconnected_member');
      const released = await watcher.event(group, 'lock_released');
      equal(released.event.cause, 'grace_expired');
      equal(released.event.lockSet, event.lockSet);
    },
  },
  {
    clauses: ['L2', 'L3'],
    title: 'who is away for longer than the absence time is no member any more',
    run: async (stage) => {
      const group = stage.group();
      const creator = await stage.actor();
      const create = {
        kind: 'create',
        stateful: true,
        absenceMs: graceMs,
        properties: [],
      } as const;
      await creator.accepted(group, create);
      await creator.watch(group);
      const member = await stage.member(group);
      member.leaveConnection();
      const about = member.identity.clientId;
      const { event } = await creator.event(group, 'non_member');
      equal(event.cause, 'timeout');
      deepEqual(membershipIn(creator.peer.received, about), [
        'new_member',
        'disconnected_member',
        'non_member',
      ]);
    },
  },
  {
    clauses: ['L3'],
    title: 'members and watchers of the membership are told of who joins and leaves, once',
    run: async (stage) => {
      const group = stage.group();
      const [witness, watcher] = [await stage.member(group), await stage.actor()];
      await watcher.watch(group, 'members');
      const member = await stage.member(group);
      await member.accepted(group, { kind: 'leave' });
      const about = member.identity.clientId;
      for (const each of [witness, watcher]) {
        await each.event(group, 'non_member', ({ clientId }) => clientId === about);
        deepEqual(membershipIn(each.peer.received, about), ['new_member', 'non_member']);
      }
      await witness.accepted(group, message(bcast(group, 'x')));
    },
  },
];
