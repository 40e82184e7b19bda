/**
 * L9: the time from a crash to the view without the crashed, at every member of its last view that
 * did not end meanwhile. Condition: a bound is given; else only the figures are collected.
 */
import { ViewsChecker } from './checker.ts';
import type { History } from './history/history.ts';
import type { Stay } from './history/stay.ts';

export class Detection extends ViewsChecker {
  readonly property = 'L9';
  readonly promise = 'Survivors are given a view without the crashed within the bound.';
  readonly figures: number[] = [];
  readonly #msMax: number | null;

  constructor(msMax: number | null) {
    super();
    this.#msMax = msMax;
  }

  override finish(history: History): void {
    for (const { stays } of history.groups.values()) {
      for (const crashed of stays) {
        if (crashed.end?.kind !== 'crashed') continue;
        for (const stay of stays) {
          if (stay !== crashed) this.#judge(crashed, stay, crashed.end.t, history);
        }
      }
    }
  }

  #judge(crashed: Stay, stay: Stay, crashedAt: number, history: History): void {
    if (!crashed.last.view.members.has(stay.node)) return;
    let wasWith = false;
    for (const { view, record } of stay.periods()) {
      const isWith = view.members.has(crashed.node);
      if (wasWith && !isWith && record.t >= crashedAt) {
        this.#took(record.t - crashedAt, crashed, stay);
        return;
      }
      wasWith = isWith;
    }
    if (this.#msMax === null || !wasWith || !history.isAtRest(stay)) return;
    this.violated(`${stay.node} never noticed that ${crashed.node} crashed`, crashed.end);
  }

  #took(ms: number, crashed: Stay, { node }: Stay): void {
    this.figures.push(ms);
    if (this.#msMax === null || ms <= this.#msMax) return;
    this.violated(`${node} took ${ms} ms to a view without ${crashed.node}`, crashed.end);
  }
}
