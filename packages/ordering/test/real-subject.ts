/**
 * A single node on the real journal, for the conformance suite. A crash is a copy of the data
 * directory made while nothing was open: as after a kill, no orderly close is recorded in it.
 */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Journal, openJournal } from '@choir/journal';
import type { Random } from '@choir/testkit';
import type { Step, Subject } from '../src/conformance/index.ts';
import { LocalOrdering } from '../src/index.ts';

type Life = {
  readonly incarnation: string;
  readonly ordering: LocalOrdering;
  readonly journal: Journal;
};

export class RealSubject implements Subject {
  readonly nodes = ['solo'];
  readonly #random: Random;
  readonly #base: string;
  #life: Life | null = null;
  #lives = 0;
  #crashes = 0;
  /** Requests without a reply, and who waits for one. */
  #open = 0;
  #replied: (() => void) | null = null;
  #wallMs = 1_000_000;
  #steps = 0;

  constructor(random: Random, base: string) {
    this.#random = random.fork('subject');
    this.#base = base;
  }

  static async make(random: Random): Promise<RealSubject> {
    return new RealSubject(random, await mkdtemp(join(tmpdir(), 'ordering-')));
  }

  life(): Life | null {
    return this.#life;
  }

  /** By the word of its replies, which the ordering itself counts; the journal's own suite is J1. */
  committed(): number {
    return this.#life?.ordering.status().head.seq ?? Number.MAX_SAFE_INTEGER;
  }

  now(): number {
    return this.#steps;
  }

  async perform(step: Step): Promise<void> {
    this.#steps += 1;
    this.#wallMs += this.#random.int(0, 5);
    if (step.kind === 'work') await this.#work();
    else if (step.kind === 'settle') await this.#settle();
    else if (step.kind === 'crash') await this.#crash();
    else if (step.kind === 'close') await this.#close();
    else if (step.kind === 'start') await this.#start();
    else this.#wallMs = Math.max(0, this.#wallMs + step.byMs);
  }

  async remove(): Promise<void> {
    await this.#close();
    await rm(this.#base, { recursive: true });
  }

  get #directory(): string {
    return join(this.#base, `data-${this.#crashes}`);
  }

  async #work(): Promise<void> {
    this.#pump();
    if (this.#open > 0) await this.#reply();
    this.#pump();
  }

  async #settle(): Promise<void> {
    await this.#start();
    this.#pump();
    while (this.#open > 0) {
      await this.#reply();
      this.#pump();
    }
  }

  #pump(): void {
    const life = this.#life;
    if (life === null) return;
    for (const request of life.ordering.takeRequests(this.#wallMs)) {
      this.#open += 1;
      life.journal.request(request, (reply) => {
        this.#open -= 1;
        life.ordering.handle(reply);
        this.#replied?.();
      });
    }
  }

  async #reply(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#replied = resolve;
    });
  }

  async #crash(): Promise<void> {
    if (this.#life === null) return;
    while (this.#open > 0) await this.#reply();
    const from = this.#directory;
    this.#crashes += 1;
    await mkdir(this.#directory, { mode: 0o700 });
    const isLocked = (name: string) => /lock|owner/.test(name);
    await cp(from, this.#directory, { recursive: true, filter: (name) => !isLocked(name) });
    await this.#life.journal.close();
    this.#life = null;
  }

  async #close(): Promise<void> {
    const life = this.#life;
    if (life === null) return;
    this.#pump();
    this.#life = null;
    await life.journal.close();
  }

  async #start(): Promise<void> {
    if (this.#life !== null) return;
    const opening = await openJournal({ directory: this.#directory });
    if (!opening.ok) throw new Error(opening.failure.message);
    this.#lives += 1;
    const incarnation = `solo.${this.#lives}`;
    const ordering = new LocalOrdering({ opened: opening.opened, me: incarnation });
    this.#life = { incarnation, ordering, journal: opening.journal };
  }
}
