import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { AuthorMessage, AuthorReport, AuthorTask } from './author-report.ts';

const program = fileURLToPath(new URL('./author.ts', import.meta.url));

/** An author in a process of its own, as the one that starts it sees it. */
export class AuthorProcess {
  readonly ready: Promise<void>;
  /** Rejects when the process ends without a report. */
  readonly report: Promise<AuthorReport>;
  readonly #child: ChildProcess;
  sent = 0;
  received = 0;
  cuts = 0;

  constructor(task: AuthorTask) {
    const child = fork(program, [JSON.stringify(task)], { execArgv: process.execArgv });
    this.#child = child;
    const heard = new Map<AuthorMessage['kind'], (message: AuthorMessage) => void>();
    child.on('message', (message: AuthorMessage) => heard.get(message.kind)?.(message));
    heard.set('progress', (message) => this.#progress(message));
    const ended = new Promise<never>((_, reject) => {
      child.on('exit', (code) => {
        reject(new Error(`author ${task.author} ended without a report, exit code ${code}`));
      });
    });
    ended.catch(() => {});
    const ready = new Promise<void>((resolve) => heard.set('ready', () => resolve()));
    const report = new Promise<AuthorReport>((resolve) => {
      heard.set('done', (message) => {
        if (message.kind === 'done') resolve(message.report);
      });
    });
    this.ready = Promise.race([ready, ended]);
    this.report = Promise.race([report, ended]);
    this.report.catch(() => {});
  }

  go(): void {
    this.#child.send('go');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #progress(message: AuthorMessage): void {
    if (message.kind !== 'progress') return;
    this.sent = message.sent;
    this.received = message.received;
    this.cuts = message.cuts;
  }
}
