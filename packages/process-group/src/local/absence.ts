/**
 * What a process of this machine does while the others have removed it and have not let it in again. Who lives is certain here (P2), so it does not
 * wait for those who are gone.
 *
 * P3 Who was removed counts as no member until it is back, and is out for good when no member lives: it keeps nobody from making the group anew.
 */

import type { ProcessGroup } from '../group/process-group.ts';
import { GroupError } from '../group-error.ts';
import type { Attendance } from './attendance.ts';

/** How often it looks who lives. */
const lookMs = 300;
/** So often it finds no member before it gives up: one that has just been let in says so a moment later. */
const looksInVain = 3;

export type AbsenceOptions = {
  readonly attendance: Attendance;
  /** How long it waits to be let in again by members who live. */
  readonly timeoutMs: number;
  /** Whether it makes no group itself. */
  readonly observer: boolean;
};

/** Looks after a group that was joined, until it is over. */
export function watchAbsence(
  group: ProcessGroup,
  { attendance, timeoutMs, observer }: AbsenceOptions,
): void {
  let look: NodeJS.Timeout | undefined;
  group.afterwards(async () => clearInterval(look));
  group.whenPresent((isIn) => {
    clearInterval(look);
    try {
      attendance.stand(isIn ? 'member' : 'asking');
    } catch (error) {
      // Others would take it for what it is not.
      group.giveUp(new GroupError('group-over', attendanceText(group.name), { cause: error }));
      return;
    }
    if (isIn) return;
    const until = performance.now() + timeoutMs;
    let vain = 0;
    look = setInterval(() => {
      vain = isMemberThere(attendance) ? 0 : vain + 1;
      if (vain === looksInVain) group.giveUp(goneError(group.name, observer));
      else if (performance.now() > until) group.giveUp(lateError(group.name, timeoutMs));
    }, lookMs);
  });
}

/** Also when that cannot be read now. */
function isMemberThere(attendance: Attendance): boolean {
  try {
    return attendance.others().some(({ standing }) => standing === 'member');
  } catch {
    return true;
  }
}

function attendanceText(name: string): string {
  return `The run-time directory cannot be used any more, so group "${name}" is over for this process: join it again.`;
}

function goneError(name: string, observer: boolean): GroupError {
  const remedy = observer
    ? 'join it again when somebody has made it anew'
    : 'join it again, which makes it anew';
  return new GroupError(
    'group-state-lost',
    `The others removed this process from group "${name}" and are gone, so nobody holds its state: ${remedy}.`,
  );
}

function lateError(name: string, timeoutMs: number): GroupError {
  return new GroupError(
    'group-excluded',
    `The others removed this process from group "${name}", and did not let it in again within ${timeoutMs / 1_000} s: join it again.`,
  );
}
