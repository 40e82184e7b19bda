import { ChoirError, type Message, type Settled } from '@choir/client';
import { expect, test } from 'vitest';
import { SharedText } from '../../src/text/shared-text.ts';

/** One object, and the order in which its updates come; every writer has a `SharedText` of it. */
class Stage {
  readonly updates: Uint8Array[] = [];
  readonly told: string[] = [];
  readonly #texts: SharedText[] = [];

  writer(): { text: SharedText; sent: Sent[] } {
    const sent: Sent[] = [];
    const update = (data: string | Uint8Array): Promise<Settled> => {
      const { promise, resolve, reject } = Promise.withResolvers<Settled>();
      const at = { globalId: 1, epoch: 1, localId: 1 };
      sent.push({ data: data as Uint8Array, settle: () => resolve(at), reject });
      return promise;
    };
    const object = { id: 'text', updates: () => this.updates, update };
    const text = new SharedText(object, {
      changed: () => {},
      replaced: () => {},
      sent: () => {},
      refused: (why) => this.told.push(why),
      unreadable: () => this.told.push('unreadable'),
    });
    this.#texts.push(text);
    return { text, sent };
  }

  deliver({ data, settle }: Sent): void {
    this.put(data, 'INC');
    settle();
  }

  put(data: Uint8Array, update: 'INC' | 'NEW'): void {
    if (update === 'NEW') this.updates.length = 0;
    this.updates.push(data);
    const message = { kind: 'obj_state', object: 'text', update, data } as unknown as Message;
    for (const text of this.#texts) text.receive(message);
  }
}

type Sent = {
  readonly data: Uint8Array;
  readonly settle: () => void;
  readonly reject: (error: ChoirError) => void;
};

function put(text: SharedText, at: number, inserted: string): void {
  text.edit({ at, deleted: 0, inserted });
}

test('changes made at the same time end in the same text, and a later writer reads it', () => {
  const stage = new Stage();
  const [one, other] = [stage.writer(), stage.writer()];
  put(one.text, 0, 'one');
  put(other.text, 0, 'other');
  for (const sent of [...other.sent, ...one.sent]) stage.deliver(sent);
  expect(`${one.text}`).toBe(`${other.text}`);
  expect(`${stage.writer().text}`).toBe(`${one.text}`);
  expect([...`${one.text}`].sort().join('')).toBe([...'oneother'].sort().join(''));
});

test('a change that is refused disappears with what was written upon it, and is told', async () => {
  const stage = new Stage();
  const { text, sent } = stage.writer();
  put(text, 0, 'kept');
  put(text, 4, ' lost');
  put(text, 9, ' too');
  const [kept, lost, too] = sent;
  if (kept !== undefined) stage.deliver(kept);
  for (const each of [lost, too]) each?.reject(new ChoirError('LOCKED', 'It is locked.'));
  await expect.poll(() => stage.told).toEqual(['It is locked.', 'It is locked.']);
  expect(`${text}`).toBe('kept');
  put(text, 4, ', more');
  stage.deliver(sent[3] ?? expect.fail('nothing was sent'));
  expect(`${stage.writer().text}`).toBe('kept, more');
});

test('what others write waits while a character is composed', () => {
  const stage = new Stage();
  const [one, other] = [stage.writer(), stage.writer()];
  put(one.text, 0, 'base');
  for (const sent of one.sent) stage.deliver(sent);
  one.text.hold();
  put(other.text, 0, '> ');
  for (const sent of other.sent) stage.deliver(sent);
  put(one.text, 4, '!');
  expect(`${one.text}`).toBe('base!');
  one.text.release();
  expect(`${one.text}`).toBe('> base!');
});

test('an object that another program replaced is told, not shown', () => {
  const stage = new Stage();
  const { text } = stage.writer();
  stage.put(new TextEncoder().encode('plain words'), 'NEW');
  expect([`${text}`, stage.told]).toEqual(['', ['unreadable']]);
});
