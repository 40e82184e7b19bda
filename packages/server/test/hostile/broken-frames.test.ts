/** What breaks the rules of WebSocket itself is answered like any bad frame, and disturbs nobody. */
import { once } from 'node:events';
import { limits } from '@choir/protocol';
import { expect, test } from 'vitest';
import { patience } from '../patience.ts';
import { frameOf, NakedSocket, opcode } from './naked-socket.ts';
import { stage } from './stage.ts';

const staged = stage();
const ping = Uint8Array.of(2, 9, 1);
const one = { opcode: opcode.binary, payload: ping };
const nothing = new Uint8Array(0);
/** What a server reads of somebody who was not welcomed (docs/protocol, F4). */
const strangerBytesMax = 64 * 1024;

const cases: readonly (readonly [string, Buffer, 'MALFORMED' | 'TOO_LARGE'])[] = [
  ['without a mask', frameOf({ ...one, isMasked: false }), 'MALFORMED'],
  ['with reserved bits', frameOf({ ...one, reservedBits: 4 }), 'MALFORMED'],
  ['of an unknown kind', frameOf({ opcode: 5, payload: ping }), 'MALFORMED'],
  ['that goes on with nothing', frameOf({ opcode: 0, payload: ping }), 'MALFORMED'],
  ['of control in pieces', frameOf({ opcode: 9, payload: ping, isLast: false }), 'MALFORMED'],
  ['of control that is long', frameOf({ opcode: 9, payload: new Uint8Array(126) }), 'MALFORMED'],
  ['of text that is not UTF-8', frameOf({ opcode: 1, payload: Uint8Array.of(255) }), 'MALFORMED'],
  [
    'inside another message',
    Buffer.concat([frameOf({ ...one, isLast: false }), frameOf(one)]),
    'MALFORMED',
  ],
  [
    'that says it is too long',
    frameOf({ opcode: 2, payload: nothing, claimedLength: limits.frameBytes + 1 }),
    'TOO_LARGE',
  ],
  [
    'that says it is longer than numbers go',
    frameOf({ opcode: 2, payload: nothing, claimedLength: Number.MAX_SAFE_INTEGER + 1 }),
    'TOO_LARGE',
  ],
  [
    'in very many pieces',
    Buffer.concat([
      frameOf({ ...one, isLast: false }),
      ...Array<Buffer>(20_000).fill(frameOf({ opcode: 0, payload: ping, isLast: false })),
    ]),
    'TOO_LARGE',
  ],
];

test.each(cases)('a frame %s ends its own connection', async (_, bytes, code) => {
  const { port, state, witnesses } = await staged;
  const before = await state();
  await witnesses.talkDuring(async () => {
    const naked = await NakedSocket.upgrade(port);
    naked.socket.write(bytes);
    const end = await naked.untilEnd();
    expect(end.said).toMatchObject([{ kind: 'goodbye', code }]);
    expect(end.code).toBe(code === 'TOO_LARGE' ? 1009 : 1002);
  });
  expect(await state()).toEqual(before);
});

test('one that sends pings and reads no answers is cut off', async () => {
  const { port, witnesses } = await staged;
  await witnesses.talkDuring(async () => {
    const naked = await NakedSocket.upgrade(port);
    naked.socket.pause();
    const pings = frameOf({ opcode: opcode.ping, payload: new Uint8Array(125) });
    const many = Buffer.concat(Array<Buffer>(10_000).fill(pings));
    const closed = new Promise((resolve) => naked.socket.once('close', resolve));
    while (!naked.socket.destroyed) {
      const taken = new Promise((resolve) => naked.socket.write(many, resolve));
      await Promise.race([taken, closed]);
    }
    await closed;
  });
});

test('one that comes in pieces of a byte is understood', async () => {
  const { port, witnesses } = await staged;
  await witnesses.talkDuring(async () => {
    const naked = await NakedSocket.upgrade(port);
    naked.socket.setNoDelay(true);
    for (const byte of frameOf(one)) {
      await new Promise((resolve) => naked.socket.write(Uint8Array.of(byte), resolve));
    }
    const end = await naked.untilEnd();
    expect(end.said).toMatchObject([{ kind: 'goodbye', code: 'NO_HELLO' }]);
  });
});

test('a stranger that goes on sending while it is turned away is let go as soon as it answers', async () => {
  const { port, witnesses } = await staged;
  await witnesses.talkDuring(async () => {
    const naked = await NakedSocket.upgrade(port);
    naked.socket.write(frameOf(one));
    // The server has closed by then, and waits for the answer; more comes than it reads of strangers.
    await naked.untilClose();
    const ended = once(naked.socket, 'end');
    const payload = new Uint8Array(strangerBytesMax);
    naked.socket.write(frameOf({ opcode: opcode.binary, payload }));
    naked.socket.write(frameOf({ opcode: opcode.close, payload: Uint8Array.of(3, 232) }));
    expect(await patience(ended, 5_000)).toMatchObject({ happened: true });
    naked.socket.destroy();
  });
});
