/**
 * Runs a command for as long as the lock is held.
 *
 * H1 The command is ended when the lock is lost.
 * H2 It is ended when the lock has been unconfirmed for its grace period: from then on the server may
 *    have given it to others. The period is counted from the server's last sign of life.
 * H3 Ctrl-C, SIGTERM and SIGHUP are the command's: the lock is held until it has ended.
 */
import type { Group, Lock, LockEnd } from '@choir/client';
import type { Connection } from '../../connection/connection.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { printable } from '../../output/printable.ts';
import { HeldCommand } from './held-command.ts';

export type Surroundings = {
  readonly group: Group;
  readonly connection: Connection;
  readonly context: Context;
};

export async function holdWhile(
  lock: Lock,
  command: readonly string[],
  { group, connection, context }: Surroundings,
): Promise<number | ExitCode> {
  const { output, environment, interruption } = context;
  const { graceMs = 0 } = group.lockSets().find(({ fence }) => fence === lock.fence) ?? {};
  const tell = (status: string) => {
    const { fence, objects } = lock;
    output.result({ type: 'lock', group: group.name, status, fence, objects }, '');
  };
  tell('held');
  const held = await HeldCommand.start(command, { ...environment, CHOIR_FENCE: `${lock.fence}` });
  let why: string | undefined;
  const lose = (reason: string) => {
    why ??= reason;
    tell('lost');
    output.note(`choir: ${reason}; ending the command`);
    held.end();
  };
  const watch = new Watch(lock, graceMs, { tell, lose });
  interruption.forward((signal) => {
    // A terminal has told the command already.
    if (signal !== 'SIGINT' || !context.input.isTTY) held.signal(signal);
  });
  const code = await held.ended;
  watch.stop();
  if (why !== undefined) return 'lock_lost';
  if (await connection.parting(() => lock.release())) tell('released');
  return code;
}

type Report = { readonly tell: (status: string) => void; readonly lose: (why: string) => void };

/** Follows what becomes of the lock (H1, H2). */
class Watch {
  readonly #stops: readonly (() => void)[];
  #timer: NodeJS.Timeout | undefined;

  constructor(lock: Lock, graceMs: number, { tell, lose }: Report) {
    this.#stops = [
      lock.on('lost', (end) => {
        this.#disarm();
        lose(`the lock was lost (${reasonOf(end)})`);
      }),
      lock.on('unconfirmed', ({ since }) => {
        tell('unconfirmed');
        const lost = `the lock could not be confirmed for its grace period of ${graceMs / 1_000} s`;
        this.#timer ??= setTimeout(() => lose(lost), since + graceMs - performance.now());
      }),
      lock.on('confirmed', () => {
        tell('held');
        this.#disarm();
      }),
    ];
  }

  stop(): void {
    this.#disarm();
    for (const stop of this.#stops) stop();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

function reasonOf({ cause, by, reason }: LockEnd): string {
  if (cause === 'grace_expired') return 'its grace period was over';
  if (cause !== 'broken') return cause;
  return `broken by ${printable(by ?? 'an authorised client')}${reason && `: ${printable(reason)}`}`;
}
