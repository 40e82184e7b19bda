/** What a person is told who is away, or was: in words, of what the client and the page know. */
import type { Rejoined } from '@choir/client';
import type { Task } from './own-work.ts';

export type Absence =
  /** Since the page last heard of the server; `graceMs`: how long what it holds is kept, null: nothing. */
  | {
      readonly kind: 'away';
      readonly awayMs: number;
      readonly cut: boolean;
      readonly graceMs: number | null;
    }
  | { readonly kind: 'back'; readonly awayMs: number; readonly rejoined: Rejoined };

export type Line = {
  readonly state: 'waits' | 'kept' | 'void';
  readonly words: string;
  readonly task: Readonly<Task>;
};

export function headingOf(absence: Absence): string {
  if (absence.kind === 'back') return `You are back after ${seconds(absence.awayMs)}.`;
  return absence.cut ? 'You have cut your line.' : 'The connection is lost.';
}

export function explanationOf(absence: Absence): string {
  if (absence.kind === 'back') return meanwhile(absence.rejoined);
  const { awayMs, graceMs } = absence;
  const going = 'Go on working: it is sent when you are back.';
  const shown = `For ${seconds(awayMs)} the others have seen you as away, or soon will. ${going}`;
  if (graceMs === null) return shown;
  const leftMs = graceMs - awayMs;
  return leftMs > 0
    ? `${shown} What you hold stays yours for about ${seconds(leftMs)} more.`
    : `${shown} What you held may be with somebody else by now.`;
}

/** A line for everything that is worth telling, in the order in which it was begun. */
export function linesOf(tasks: readonly Readonly<Task>[]): readonly Line[] {
  return tasks.flatMap((task) => {
    const lines: Line[] = [];
    const { label } = task;
    if (task.waits > 0)
      lines.push({ task, state: 'waits', words: `${label}: ${waiting(task.waits)}` });
    if (task.kept > 0) lines.push({ task, state: 'kept', words: `${label}: in the group` });
    if (task.void > 0) {
      lines.push({ task, state: 'void', words: `${label}: without effect. ${task.why}` });
    }
    return lines;
  });
}

function meanwhile({ delivered, gap }: Rejoined): string {
  if (gap) return 'What happened meanwhile is not known. You see the present state.';
  if (delivered === 0) return 'Nothing happened meanwhile.';
  return delivered === 1
    ? 'One thing happened meanwhile, and is here now.'
    : `${delivered} things happened meanwhile, and are here now.`;
}

function waiting(count: number): string {
  return count === 1 ? 'waits' : `${count} changes wait`;
}

function seconds(ms: number): string {
  const whole = Math.max(Math.round(ms / 1_000), 1);
  if (whole < 120) return whole === 1 ? 'a second' : `${whole} seconds`;
  return `${Math.round(whole / 60)} minutes`;
}
