/** The member processes: started together, told together, waited for together, and ended whatever happens. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../../failure.ts';
import type { Order, Told } from './conversation.ts';

const program = fileURLToPath(new URL('./member.ts', import.meta.url));
/** Who has not ended by then is killed. */
const endMs = 3_000;

export type ToldOf<Kind extends Told['kind']> = Extract<Told, { readonly kind: Kind }>;

export class Fleet {
  readonly #members: readonly ChildProcess[];
  readonly #onTold: ((member: number, told: Told) => void)[] = [];
  readonly #failed = Promise.withResolvers<never>();
  #isEnding = false;

  constructor(count: number) {
    this.#members = Array.from({ length: count }, (_, at) => this.#start(at + 1));
    this.#failed.promise.catch(() => {});
  }

  /** @param member from 1 on */
  order(member: number, order: Order): void {
    this.#members[member - 1]?.send(order);
  }

  /** Calls `on` for whatever a member tells. */
  hear(on: (member: number, told: Told) => void): void {
    this.#onTold.push(on);
  }

  /**
   * What each member tells of this kind, in their order.
   *
   * @throws Failure when a member fails or ends before; the signal's reason
   */
  async all<Kind extends Told['kind']>(
    kind: Kind,
    signal: AbortSignal,
  ): Promise<readonly ToldOf<Kind>[]> {
    const told = new Map<number, ToldOf<Kind>>();
    const complete = Promise.withResolvers<void>();
    this.hear((member, one) => {
      if (isOf(one, kind)) told.set(member, one);
      if (told.size === this.#members.length) complete.resolve();
    });
    await this.#before(complete.promise, signal);
    return [...told].sort(([a], [b]) => a - b).map(([, one]) => one);
  }

  /** Waits so long, unless a member fails. */
  async pass(ms: number, signal: AbortSignal): Promise<void> {
    const passed = Promise.withResolvers<void>();
    const timer = setTimeout(passed.resolve, ms);
    try {
      await this.#before(passed.promise, signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends them all at once, without waiting for them; for a process that ends itself. */
  kill(): void {
    this.#isEnding = true;
    for (const child of this.#members) child.kill('SIGKILL');
  }

  /** Ends them all; resolves when they have ended. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#members.map(endOf));
  }

  async #before(promise: Promise<void>, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const stopped = Promise.withResolvers<never>();
    const stop = (): void => stopped.reject(signal.reason);
    signal.addEventListener('abort', stop);
    try {
      await Promise.race([promise, this.#failed.promise, stopped.promise]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #start(member: number): ChildProcess {
    const child = fork(program, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: process.execArgv,
    });
    child.on('message', (told: Told) => {
      if (told.kind === 'failed') this.#fail(`Member ${member}: ${told.text}.`);
      else for (const on of this.#onTold) on(member, told);
    });
    child.on('exit', (code, signal) => {
      if (!this.#isEnding) this.#fail(`Member ${member} ended by itself (${signal ?? code}).`);
    });
    child.on('error', (error) => this.#fail(`Member ${member}: ${error.message}.`));
    return child;
  }

  #fail(text: string): void {
    this.#failed.reject(new Failure('failed', text));
  }
}

function isOf<Kind extends Told['kind']>(told: Told, kind: Kind): told is ToldOf<Kind> {
  return told.kind === kind;
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), endMs);
  await ended;
  clearTimeout(timer);
}
