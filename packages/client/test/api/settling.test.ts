/** Every promise settles, whatever the client was doing when it was made. */
import { ChoirError, type Client, connect } from '@choir/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeNetwork, turns } from './fake-network.ts';

let network: FakeNetwork;
let ann: Client;

beforeEach(() => {
  vi.useFakeTimers();
  network = new FakeNetwork();
  ann = connect('ws://one', { clientId: 'ann', WebSocket: network.WebSocket });
});

afterEach(async () => {
  await ann.close();
  vi.useRealTimers();
});

/** What became of a promise when everything has happened that needs no time. */
async function outcome(promise: Promise<unknown>): Promise<string> {
  let known = 'pending';
  promise.then(
    () => {
      known = 'fulfilled';
    },
    (error: unknown) => {
      known = error instanceof ChoirError ? error.code : String(error);
    },
  );
  await turns();
  return known;
}

describe('asking while the client is away for what it follows already', () => {
  test.each(['join', 'watch'] as const)('%s is there again when it is', async (how) => {
    const before = await ann[how]('room');
    network.last.cut();
    const again = ann[how]('room');
    expect(await outcome(again)).toBe('pending');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await again).toBe(before);
  });
});
