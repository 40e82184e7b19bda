import { processorId } from '@choir/ftmp';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Replicas } from '../../src/core/index.ts';
import { readState, writeState } from '../../src/core/state-bytes.ts';

const pieces = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 });
const state = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1, maxLength: 8 }), pieces), {
  maxLength: 5,
  selector: ([channel]) => channel,
});

function bytesOf(states: readonly (readonly [string, Iterable<Uint8Array>])[]): Uint8Array {
  return Uint8Array.from(Buffer.concat([...writeState(states)]));
}

test('a state is read as it was written, piece by piece', () => {
  fc.assert(
    fc.property(state, (states) => {
      expect([...readState(bytesOf(states))]).toEqual(states);
    }),
  );
});

test('whatever the bytes are, they are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        readState(bytes);
      } catch (error) {
        expect((error as Error).message).toBe('The state is cut off.');
      }
    }),
  );
  expect(() => readState(new Uint8Array(3))).toThrow('The state is cut off.');
});

test('what is cut off, or has something more in it, is refused', () => {
  const bytes = bytesOf([['map', [new Uint8Array([1, 2, 3]), new Uint8Array([4])]]]);
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => readState(bytes.subarray(0, length)), `${length}`).toThrow();
  }
  expect(() => readState(Buffer.concat([new Uint8Array(1), bytes]))).toThrow();
});

test('a table that says more than there is is refused', () => {
  const bytes = bytesOf([['map', [new Uint8Array([1, 2, 3])]]]);
  const lengthAt = bytes.length - 4 - 2;
  expect(bytes[lengthAt]).toBe(4);
  for (const length of [3, 5, 100]) {
    const other = bytes.slice();
    other[lengthAt] = length;
    expect(() => readState(other), `${length}`).toThrow('The state is cut off.');
  }
});

/** A text, which is not empty at first. */
function textReplica() {
  let text = 'nobody has said anything';
  return new Replicas({
    text: {
      apply: (_, bytes) => {
        text = Buffer.from(bytes).toString();
      },
      snapshot: () => [Buffer.from(text)],
      restore: ([piece]) => {
        if (piece !== undefined) text = Buffer.from(piece).toString();
      },
    },
  });
}

test('T1 an empty piece is given to the replica as it was, and is not no state', () => {
  const [member, joiner] = [textReplica(), textReplica()];
  member.apply('text', { id: processorId(1, 7), label: 'ann' }, new Uint8Array());
  joiner.restore([...member.snapshot()]);
  expect(Buffer.concat([...joiner.snapshot()])).toEqual(Buffer.concat([...member.snapshot()]));
});

test('T5 where a state is cut changes none of its bytes but those of the table', () => {
  const content = Uint8Array.from({ length: 1_000 }, (_, n) => n % 251);
  const whole = bytesOf([['map', [content]]]);
  const cut = bytesOf([['map', [content.subarray(0, 313), content.subarray(313)]]]);
  expect(cut.subarray(0, 1_000)).toEqual(whole.subarray(0, 1_000));
});
