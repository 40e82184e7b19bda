/** When what others miss is sent again. */
import { describe, expect, test } from 'vitest';
import { processorId } from '../../src/index.ts';
import { Answering, type Turn } from '../../src/rmp/answering.ts';
import { defaultSettings } from '../../src/stack/options.ts';

const source = processorId(1, 7);
const atOnce: Turn = { kind: 'source' };
const holds = (): boolean => true;

function answering(): Answering {
  return new Answering({ ...defaultSettings, repeatMs: 3, repeatMaxMs: 2_000, random: () => 0 });
}

function ask(one: Answering, now: number, { sequence = 5, turn = atOnce } = {}): number[] {
  one.requested({ source, start: sequence, stop: sequence, holds }, turn, now);
  return one.answers(now).map((answer) => answer.sequence);
}

describe('a message that is asked for', () => {
  test('is sent again ever more seldom, however often it is asked for', () => {
    const one = answering();
    const times: number[] = [];
    for (let now = 0; now < 8_000; now += 1) if (ask(one, now).length > 0) times.push(now);
    expect(times).toEqual([0, 3, 9, 21, 45, 93, 189, 381, 765, 1_533, 3_069, 5_069, 7_069]);
  });

  test('is sent again at once when it was not asked for, nor sent, for long', () => {
    const one = answering();
    for (let now = 0; now < 1_000; now += 1) ask(one, now);
    expect(ask(one, 2_999)).toEqual([5]);
    expect(ask(one, 3_002)).toEqual([5]);
  });

  test('is not sent again while another has just sent it', () => {
    const one = answering();
    one.seen(source, 5, 10);
    expect(ask(one, 12)).toEqual([]);
    expect(ask(one, 13)).toEqual([5]);
  });

  test('counts the slices of one time as one', () => {
    const one = answering();
    for (let slice = 0; slice < 45; slice += 1) one.seen(source, 5, 10 + slice / 100);
    expect(ask(one, 13.5)).toEqual([5]);
  });

  test('holds up no other message', () => {
    const one = answering();
    expect(ask(one, 0, { sequence: 5 })).toEqual([5]);
    expect(ask(one, 1, { sequence: 6 })).toEqual([6]);
  });
});

describe('who answers only what was asked for long', () => {
  const patient: Turn = { kind: 'inVain' };

  test('is silent at first', () => {
    const one = answering();
    one.requested({ source, start: 5, stop: 5, holds }, patient, 0);
    one.requested({ source, start: 5, stop: 5, holds }, patient, 249);
    expect(one.due).toBe(Number.POSITIVE_INFINITY);
  });

  test('answers when its turn comes, whatever others have answered in vain', () => {
    const one = answering();
    one.requested({ source, start: 5, stop: 5, holds }, patient, 0);
    one.requested({ source, start: 5, stop: 5, holds }, patient, 250);
    expect(one.due).toBe(254);
    one.seen(source, 5, 252);
    expect(one.answers(254)).toHaveLength(1);
    // Its own pause.
    one.requested({ source, start: 5, stop: 5, holds }, patient, 255);
    expect(one.due).toBe(Number.POSITIVE_INFINITY);
  });

  test('counts what others were asked, too', () => {
    const one = answering();
    for (let now = 0; now < 250; now += 50) {
      one.requested({ source, start: 5, stop: 5, holds }, { kind: 'silent' }, now);
    }
    one.requested({ source, start: 5, stop: 5, holds }, patient, 250);
    expect(one.answers(260)).toHaveLength(1);
  });
});

test('what is not held here is not answered, and not paused', () => {
  const one = answering();
  one.requested({ source, start: 5, stop: 5, holds: () => false }, atOnce, 0);
  expect(one.due).toBe(Number.POSITIVE_INFINITY);
  expect(ask(one, 1)).toEqual([5]);
});
