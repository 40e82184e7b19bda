import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Told } from './member.ts';

const program = new URL('./member.ts', import.meta.url);
const labels = ['ann', 'bob', 'cid', 'dan', 'eve'];

class Life {
  readonly label: string;
  readonly told: Told[] = [];
  readonly #child: ChildProcess;
  readonly #news = new EventEmitter();

  constructor(directory: string, label: string, number: number) {
    this.label = label;
    this.#child = fork(program, [directory, label, String(number)]);
    this.#child.on('message', (told: Told) => {
      this.told.push(told);
      this.#news.emit('told');
    });
    onTestFinished(() => {
      this.#child.kill('SIGKILL');
    });
  }

  async until(isRight: (told: Told) => boolean): Promise<void> {
    while (!this.told.some(isRight)) await once(this.#news, 'told');
  }

  /** Until it is in a view of exactly these. */
  together(wanted: readonly string[]): Promise<void> {
    return this.until(
      (told) => told.kind === 'view' && [...told.labels].sort().join() === wanted.join(),
    );
  }

  async leave(): Promise<void> {
    this.#child.send('leave');
    await this.until(({ kind }) => kind === 'left');
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }

  /** What it heard, by the number of the view in which it heard it. */
  get views(): Map<number, { readonly labels: readonly string[]; readonly heard: string[] }> {
    const views = new Map<
      number,
      { readonly labels: readonly string[]; readonly heard: string[] }
    >();
    let heard: string[] = [];
    for (const told of this.told) {
      if (told.kind === 'view') {
        heard = [];
        views.set(told.number, { labels: told.labels, heard });
      } else if (told.kind === 'message') heard.push(told.text);
    }
    return views;
  }

  /** Those of which it heard everything: not the last, in which it left. */
  get wholeViews(): readonly (readonly [number, { readonly heard: readonly string[] }])[] {
    return [...this.views].slice(0, -1);
  }

  get handedOver(): readonly string[] {
    return this.told.flatMap((told) => (told.kind === 'handed over' ? [told.text] : []));
  }
}

test('a rolling restart of five members under load: nothing lost, one order, no ghosts', {
  timeout: 120_000,
}, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'choir-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const lives = new Map<string, Life>();
  for (const label of labels) lives.set(label, new Life(directory, label, 1));
  for (const life of lives.values()) await life.together(labels);
  const all = [...lives.values()];
  for (const label of labels) {
    await lives.get(label)?.leave();
    const next = new Life(directory, label, 2);
    await next.together(labels);
    lives.set(label, next);
    all.push(next);
  }
  for (const life of lives.values()) await life.together(labels);
  for (const life of lives.values()) await life.leave();

  const whole = new Map<number, string>();
  for (const life of all) {
    for (const [number, { heard }] of life.wholeViews) {
      const text = heard.join();
      expect(text, `view ${number} at ${life.label}`).toBe(whole.get(number) ?? text);
      whole.set(number, text);
    }
  }
  const everything = new Set(
    all.flatMap((life) => [...life.views.values()].flatMap((view) => view.heard)),
  );
  const lost = all.flatMap((life) => life.handedOver.filter((text) => !everything.has(text)));
  expect(lost).toEqual([]);
  // Twice five have joined and left, one after the other: no view more, and none with somebody who had gone.
  const sizes = all.flatMap(({ views }) => [...views.values()].map((view) => view.labels.length));
  expect(Math.max(...sizes)).toBe(5);
  const numbers = all.flatMap((life) => [...life.views.keys()]);
  expect(Math.max(...numbers)).toBeLessThanOrEqual(5 + 10 + 4);
});
