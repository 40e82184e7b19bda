/** Everybody is cut off, misses messages, and comes back at once. */
import type { Listener, WireClient } from '../wire/wire.ts';
import { clientOf, each } from './crowd.ts';
import { payloadOf } from './payload.ts';
import type { Recovered, Storm, Target } from './task.ts';
import { passed } from './warm-up.ts';

/** The publisher's messages that are not acknowledged or known to have come. */
const publishPauseMs = 2;
/** The server has noticed that everybody is gone, and stored what was published. */
const noticedMs = 1_500;

export type StormEvents = {
  readonly fail: (problem: string) => void;
  /** Everybody is away; resolves when the server is there (again). */
  readonly away: () => Promise<void>;
};

export async function runStorm(
  target: Target,
  task: Storm,
  { fail, away }: StormEvents,
): Promise<Recovered> {
  const { peer, port } = target;
  const { rooms, missed } = task;
  const total = rooms * task.membersPerRoom;
  const times: number[] = [];
  let began = Number.NaN;
  let finish = (): void => {};
  const everybody = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const listener: Listener = {
    acknowledged: () => {},
    broken: fail,
    message: (client) => {
      client.received += 1;
      // The first is what everybody had before.
      if (client.received > 1 + missed) fail(`client ${client.index} got a message twice`);
      if (client.received !== 1 + missed || Number.isNaN(began)) return;
      times.push(performance.now() - began);
      if (times.length === total) finish();
    },
  };
  const roomOf = (index: number): string => `room-${index % rooms}`;
  const members = Array.from({ length: total }, (_, index) =>
    clientOf(peer, { port, index, room: roomOf(index), listener }),
  );
  await each(members, (member) => member.open());
  const publishers = Array.from({ length: rooms }, (_, room) =>
    clientOf(peer, { port, index: total + room, room: null, listener }),
  );
  await each(publishers, (publisher) => publisher.open());
  const publish = (number: number): void => {
    for (const [room, publisher] of publishers.entries()) {
      publisher.publish(roomOf(room), payloadOf(task.payloadBytes, 0, room, number));
    }
  };
  publish(1);
  while (members.some(({ received }) => received === 0)) await passed(10);
  await passed(noticedMs);
  for (const member of members) member.drop();
  await passed(noticedMs);
  for (let number = 2; number <= 1 + missed; number += 1) {
    publish(number);
    await passed(publishPauseMs);
  }
  await passed(noticedMs);
  for (const publisher of publishers) publisher.drop();
  await away();
  began = performance.now();
  await each(members, (member: WireClient) => member.resume());
  await everybody;
  times.sort((one, other) => one - other);
  return { allBackMs: times.at(-1) ?? Number.NaN, p50Ms: times[total >> 1] ?? Number.NaN };
}
