import { ChoirError, type Lock, type SharedObject } from '@choir/client';
import { expect, test } from 'vitest';
import { Board, type BoardGroup } from '../../src/board/board.ts';
import { parseShape, type Shape } from '../../src/board/shape.ts';
import { OwnWork } from '../../src/connection/own-work.ts';

const note: Shape = {
  kind: 'note',
  x: 10,
  y: 20,
  width: 120,
  height: 80,
  colour: 2,
  words: 'Plan',
};

/** A group that says what was asked of it, and answers when it is told to. */
class Stage {
  readonly asked: string[] = [];
  /** What is chosen beside the board. */
  graceMs = 1;
  readonly lost: string[] = [];
  readonly #stored = new Map<string, Uint8Array>();
  readonly #answers: ((error: ChoirError | null) => void)[] = [];
  readonly work = new OwnWork(() => {});
  readonly board: Board;

  constructor() {
    const group = {
      objects: () => [...this.#stored.keys()].map((id) => this.#object(id)),
      object: (id: string) => this.#object(id),
      lockSets: () => [],
      lock: (id: string) => this.#lock(id),
    } as unknown as BoardGroup;
    const events = { changed: () => {}, lost: (object: string) => this.lost.push(object) };
    this.board = new Board({ group, work: this.work, graceMs: () => this.graceMs }, events);
  }

  /** Answers the oldest request; an error refuses it. */
  async answer(error: ChoirError | null = null): Promise<void> {
    this.#answers.shift()?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  }

  put(id: string, shape: Shape): void {
    this.#stored.set(id, new TextEncoder().encode(JSON.stringify(shape)));
  }

  words(): (string | undefined)[] {
    return this.board.seen().map(({ shape }) => shape.words);
  }

  #object(id: string): SharedObject {
    const replace = (data: string): Promise<void> => {
      const bytes = new TextEncoder().encode(data);
      this.asked.push(`write ${parseShape(bytes)?.words ?? 'nothing'}`);
      return this.#answered(() => this.#stored.set(id, bytes));
    };
    const updates = (): Uint8Array[] => {
      const stored = this.#stored.get(id);
      return stored === undefined ? [] : [stored];
    };
    return { id, updates, replace } as unknown as SharedObject;
  }

  #lock(id: string): Promise<Lock> {
    this.asked.push('lock');
    const lock = {
      state: 'held',
      on: () => () => {},
      release: () => {
        this.asked.push('release');
        return Promise.resolve();
      },
    } as unknown as Lock;
    return this.#answered(() => id).then(() => lock);
  }

  #answered(act: () => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#answers.push((error) => {
      if (error !== null) return reject(error);
      act();
      resolve();
    });
    return promise;
  }
}

test('a new shape shows at once, and its lock is asked for before it is sent', async () => {
  const stage = new Stage();
  const object = stage.board.add(note, { hold: true });
  expect(stage.asked).toEqual(['lock', 'write Plan']);
  expect(stage.board.seen()).toMatchObject([{ object, shape: note, pending: true }]);
  expect(stage.board.mayChange(object)).toBe(true);
  await stage.answer();
  await stage.answer();
  expect(stage.board.seen()).toMatchObject([{ object, pending: false }]);
  expect(stage.board.mayChange(object)).toBe(true);
});

test('a new shape that is let go before its lock has come is given back', async () => {
  const stage = new Stage();
  stage.board.release(stage.board.add(note, { hold: true }));
  await stage.answer();
  expect(stage.asked).toEqual(['lock', 'write Plan', 'release']);
});

test('who is away changes the shapes of their own that nobody else has seen', async () => {
  const stage = new Stage();
  const object = stage.board.add(note, { hold: false });
  stage.board.change(object, { ...note, words: 'Plan B' }, 'Wrote on');
  expect(stage.asked).toEqual(['write Plan', 'write Plan B']);
  await stage.answer();
  expect(stage.board.mayChange(object)).toBe(false);
});

test('what is not held is not changed', () => {
  const stage = new Stage();
  stage.put('board/1', note);
  stage.board.change('board/1', null, 'Removed');
  expect(stage.asked).toEqual([]);
  expect(stage.words()).toEqual(['Plan']);
});

test('several changes show as the last one, and as the group has it when all are refused', async () => {
  const stage = new Stage();
  stage.put('board/1', note);
  const taken = stage.board.take('board/1');
  await stage.answer();
  await taken;
  stage.board.change('board/1', { ...note, words: 'one' }, 'Wrote on');
  stage.board.change('board/1', { ...note, words: 'two' }, 'Wrote on');
  expect(stage.words()).toEqual(['two']);
  await stage.answer(new ChoirError('WITHDRAWN_CONFLICT', ''));
  expect(stage.words()).toEqual(['two']);
  await stage.answer(new ChoirError('WITHDRAWN_DISCARDED', ''));
  expect(stage.words()).toEqual(['Plan']);
  expect(stage.work.tasks).toMatchObject([{ void: 2, waits: 0 }]);
});

test('a shape that is removed is gone at once, and back when that is refused', async () => {
  const stage = new Stage();
  stage.put('board/1', note);
  const taken = stage.board.take('board/1');
  await stage.answer();
  await taken;
  stage.board.change('board/1', null, 'Removed');
  expect(stage.words()).toEqual([]);
  await stage.answer(new ChoirError('LOCKED', ''));
  expect(stage.words()).toEqual(['Plan']);
});

test('a shape that somebody else holds is not taken', async () => {
  const stage = new Stage();
  stage.put('board/1', note);
  const taken = stage.board.take('board/1');
  const refused = expect(taken).rejects.toThrow('held');
  await stage.answer(new ChoirError('LOCK_DENIED', 'held'));
  await refused;
  expect(stage.board.mayChange('board/1')).toBe(false);
});

test('what is held is kept for as long as was chosen when it was taken', async () => {
  const stage = new Stage();
  expect(stage.board.graceMs).toBeNull();
  stage.put('board/1', note);
  stage.graceMs = 3_000;
  void stage.board.take('board/1');
  await stage.answer();
  stage.graceMs = 120_000;
  expect(stage.board.graceMs).toBe(3_000);
  stage.board.release('board/1');
  expect(stage.board.graceMs).toBeNull();
});

test('what is taken twice is asked for once, and given back if it was let go meanwhile', async () => {
  const stage = new Stage();
  stage.put('board/1', note);
  void stage.board.take('board/1');
  stage.board.release('board/1');
  void stage.board.take('board/1');
  await stage.answer();
  expect(stage.board.holds('board/1')).toBe(true);
  stage.board.release('board/1');
  void stage.board.take('board/1');
  stage.board.release('board/1');
  await stage.answer();
  expect(stage.board.holds('board/1')).toBe(false);
  expect(stage.asked).toEqual(['lock', 'release', 'lock', 'release']);
});
