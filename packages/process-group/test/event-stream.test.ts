/** What becomes of events that nobody reads. */
import { expect, test } from 'vitest';
import { GroupError } from '../src/index.ts';
import type { GroupMessage } from '../src/member/event.ts';
import { EventStream } from '../src/member/event-stream.ts';
import { processor } from './scripted-host.ts';

const turn = new Uint8Array(64 * 1024);
const message = (bytes: Uint8Array): GroupMessage => ({
  kind: 'message',
  channel: 'main',
  from: { id: processor(1), label: 'ann' },
  bytes,
  direct: false,
});

/** The bytes of the message that is read next. */
async function read(stream: EventStream): Promise<Uint8Array> {
  const { value } = await stream.next();
  if (value?.kind !== 'message') throw new Error('This is no message.');
  return value.bytes;
}

test('a short message that waits to be read does not keep all alive that came with it', async () => {
  const stream = new EventStream();
  stream.push(message(turn.subarray(20, 30)));
  const bytes = await read(stream);
  expect(bytes).toEqual(turn.subarray(20, 30));
  expect(bytes.buffer.byteLength).toBe(10);
});

test('a message that is most of what came with it, or that somebody waits for, is not copied', async () => {
  const stream = new EventStream();
  stream.push(message(turn.subarray(24)));
  expect((await read(stream)).buffer).toBe(turn.buffer);
  const reading = read(stream);
  stream.push(message(turn.subarray(20, 30)));
  expect((await reading).buffer).toBe(turn.buffer);
});

test('whoever has left the loop over events is told so when it reads on, and holds nobody up', async () => {
  const stream = new EventStream();
  for (let n = 0; n < 3; n += 1) stream.push(message(turn));
  expect(stream.room(1_000)).toBeInstanceOf(Promise);
  for await (const event of stream) {
    expect(event.kind).toBe('message');
    break;
  }
  stream.push(message(turn));
  expect(stream.room(1_000)).toBe(null);
  await expect(stream.next()).rejects.toMatchObject({ code: 'group-option' });
});

test('what had come before the end is still read', async () => {
  const stream = new EventStream();
  for (let n = 0; n < 10; n += 1) stream.push({ kind: 'excluded' });
  const error = new GroupError('group-over', 'It is over.');
  stream.end(error);
  for (let n = 0; n < 10; n += 1) await stream.next();
  await expect(stream.next()).rejects.toBe(error);
});
