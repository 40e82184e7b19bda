/** No frame is larger than a client takes (F4), whatever a delivery becomes as text. */
import { type FromClient, limits, localId, subprotocols } from '@choir/protocol';
import { expect, test } from 'vitest';
import { nameOf } from '../names.ts';
import { RawClient } from './raw-client.ts';
import { running } from './running.ts';

/** Every character of it takes two as JSON. */
const data = new Uint8Array(limits.messageBytes).fill(34);
const room = nameOf('room');

function message(id: number, parts: number): FromClient {
  const part = { kind: 'bcast', group: room, exclusive: true, data } as const;
  const body = { kind: 'message', parts: Array<typeof part>(parts).fill(part) } as const;
  return { kind: 'submit', group: room, localId: localId(id), previous: id - 1, body };
}

test('the largest message fits a frame of text; a larger one is refused', async () => {
  const { url } = await running();
  const bob = await RawClient.connect(url, { protocol: subprotocols.json });
  let largest = 0;
  bob.webSocket.on('message', (frame: Buffer) => {
    largest = Math.max(largest, frame.length);
  });
  bob.hello('bob');
  await bob.until('welcome');
  bob.join('room');
  await bob.until('transfer_end');
  const ann = await RawClient.attach(url, 'ann');
  ann.send(message(1, 8));
  expect(await ann.until('refused')).toMatchObject({ code: 'TOO_LARGE' });
  ann.send(message(1, 7));
  await ann.until('ack');
  await bob.until('delivery');
  expect(bob.of('delivery').at(-1)?.events).toHaveLength(7);
  expect(largest).toBeGreaterThan(14 * limits.messageBytes);
  expect(largest).toBeLessThanOrEqual(limits.frameBytes);
}, 20_000);
