// One process of the group, as the fault test sees it.
import type { ChildProcess } from 'node:child_process';
import { type EventEmitter, once } from 'node:events';
import type { Command, Told } from './member-message.ts';

export class Member {
  readonly processor: number;
  readonly trace: string;
  /** The view that its application knows; null when it is in none. */
  view: { readonly own: string; readonly members: readonly string[] } | null = null;
  isPaused = false;
  hasEnded = false;
  isResting = false;
  readonly #child: ChildProcess;
  readonly #news: EventEmitter;

  /** @param news is told `news` when anything changes */
  constructor(
    child: ChildProcess,
    { processor, trace, news }: { processor: number; trace: string; news: EventEmitter },
  ) {
    this.processor = processor;
    this.trace = trace;
    this.#child = child;
    this.#news = news;
    child.on('message', (told: Told) => this.#heard(told));
    child.on('exit', () => {
      this.hasEnded = true;
      this.view = null;
      news.emit('news');
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  tell(command: Command): void {
    // Who was killed a moment ago cannot be told; that it ended is heard by itself.
    if (this.#child.connected) this.#child.send(command, () => {});
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  async ended(): Promise<void> {
    if (!this.hasEnded) await once(this.#child, 'exit');
  }

  #heard(told: Told): void {
    if (told.kind === 'view') this.view = told;
    else if (told.kind === 'out') this.view = null;
    else if (told.kind === 'resting') this.isResting = true;
    this.#news.emit('news');
  }
}
