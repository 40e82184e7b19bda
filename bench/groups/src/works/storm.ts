/** All clients are cut off, miss 50 messages, and come back at once. */
import { loadStorm } from '../load/loader.ts';
import { atMost, type Work, withServer } from '../work.ts';

const missed = 50;
const payloadBytes = 100;

type Shape = { readonly rooms: number; readonly membersPerRoom: number; readonly killed: boolean };

function storm(name: string, summary: string, shape: Shape): Work {
  return {
    name,
    summary,
    metrics: [
      { name: 'all back', unit: 'ms', better: 'less', target: atMost(1_000) },
      { name: 'p50', unit: 'ms', better: 'less' },
    ],
    // After a restart Socket.IO has forgotten everything; the others never know what was missed.
    peers: shape.killed ? [] : ['socket.io'],
    measure: (peer) =>
      withServer(peer, async (server) => {
        const { allBackMs, p50Ms } = await loadStorm(server, {
          kind: 'storm',
          ...shape,
          missed,
          payloadBytes,
        });
        return new Map([
          ['all back', allBackMs],
          ['p50', p50Ms],
        ]);
      }),
  };
}

const oneRoom = { rooms: 1, membersPerRoom: 1_000 } as const;
const manyRooms = { rooms: 200, membersPerRoom: 5 } as const;

export const storms: readonly Work[] = [
  storm('storm', '1,000 clients of one room drop, 50 messages missed', {
    ...oneRoom,
    killed: false,
  }),
  storm('storm-killed', 'the same, the server killed (kill -9) meanwhile; timed from its `ready`', {
    ...oneRoom,
    killed: true,
  }),
  storm('storm-rooms', '1,000 clients of 200 rooms drop, 50 messages missed', {
    ...manyRooms,
    killed: false,
  }),
  storm('storm-rooms-killed', 'the same, the server killed meanwhile; timed from its `ready`', {
    ...manyRooms,
    killed: true,
  }),
];
