/** Joins a group of this user's processes on this machine, without any set-up. */
import { resolve } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { checkText, optionsCheck } from '../arguments.ts';
import type { ProcessGroup } from '../group/process-group.ts';
import { GroupError } from '../group-error.ts';
import { groupNumber } from '../transport/group-number.ts';
import {
  checkName,
  checkObserver,
  type JoinOptions,
  memberChecks,
} from '../transport/join-options.ts';
import { lateError, machineSilence } from '../transport/late-joining.ts';
import { joinMs, Transport } from '../transport/transport.ts';
import {
  type ProcessOptions,
  processChecks,
  type TransportOptions,
} from '../transport/transport-options.ts';
import { warningTo } from '../warning.ts';
import { watchAbsence } from './absence.ts';
import { Attendance, type Attendant } from './attendance.ts';
import { keepFresh } from './freshness.ts';
import {
  directoryError,
  localKeys,
  openRuntimeDirectory,
  runtimeDirectory,
} from './runtime-directory.ts';

/** How a group on this machine is joined. */
export type JoinGroupOptions = Omit<JoinOptions, 'init'> &
  ProcessOptions & {
    /** The run-time directory that the processes share; that of the user when not given. */
    readonly directory?: string;
  };

const pathBytesMax = 4_096;

const checkOptions = optionsCheck<JoinGroupOptions>('joinGroup', {
  ...memberChecks,
  ...processChecks,
  directory: (path) => checkText('directory', path, pathBytesMax),
});

/** How often a process that waits to be let in looks who lives. */
const lookMs = 300;

/**
 * Joins a group, or makes it when none of this user's processes on this machine is in it. The process is reached at 127.0.0.1 alone, and
 * its datagrams are encrypted with a key from the run-time directory. An observer never makes the group, and is found by nobody.
 *
 * Who is removed by the others comes back by itself, unless all members are gone (the group is over with `group-state-lost`), or none lets it in within
 * the time-out (`group-excluded`): then it joins anew.
 *
 * @param name 1 … 256 bytes of UTF-8, of which something is to be seen
 * @throws GroupError as `Transport.join`; `group-option` also when the run-time directory cannot be used, `group-absent` when an
 *   observer finds nobody; DriverError `drivers-option` when a value of `settings`, or `stalledMs`, is wrong, `drivers-trace` when `trace` cannot be
 *   opened, `drivers-key` when others can read the key in the run-time directory; the signal's reason
 */
export async function joinGroup(
  name: string,
  options: JoinGroupOptions = {},
): Promise<ProcessGroup> {
  const number = groupNumber(checkName(name));
  checkOptions(options);
  checkObserver(options);
  const { timeoutMs = joinMs } = options;
  const directory = runtimeDirectory(options.directory);
  openRuntimeDirectory(directory);
  // The process may go on in another working directory.
  const path = resolve(directory.path);
  try {
    const keys = await localKeys(path);
    const attendance = new Attendance(path, number);
    const group = await joinAt(name, { ...options, keys, attendance, timeoutMs });
    const warn = warningTo(options.onWarning);
    if (options.observer !== true) keepFresh(group, { attendance, directory: path, warn });
    return group;
  } catch (error) {
    options.signal?.throwIfAborted();
    throw directoryError(directory, error);
  }
}

async function joinAt(name: string, options: Omit<Attempt, 'leftMs'>): Promise<ProcessGroup> {
  const { attendance, timeoutMs } = options;
  const deadline = performance.now() + timeoutMs;
  try {
    for (;;) {
      options.signal?.throwIfAborted();
      const leftMs = Math.ceil(deadline - performance.now());
      if (leftMs < 1) {
        const joining = { name, label: null, timeoutMs, obstacle: { kind: 'silence' } } as const;
        throw lateError(joining, silenceOf(attendance));
      }
      const group = await attempt(name, { ...options, leftMs });
      if (group !== null) {
        watchAbsence(group, { attendance, timeoutMs, observer: options.observer === true });
        return group;
      }
      await later(lookMs);
    }
  } catch (error) {
    attendance.close();
    throw error;
  }
}

type Attempt = JoinGroupOptions & {
  readonly keys: TransportOptions['keys'];
  readonly attendance: Attendance;
  readonly timeoutMs: number;
  /** Of the time-out. */
  readonly leftMs: number;
};

/** Null when those whom it asked are dead, or there is nobody to ask. */
async function attempt(
  name: string,
  { attendance, keys = [], leftMs, ...options }: Attempt,
): Promise<ProcessGroup | null> {
  const { observer = false } = options;
  const init = !observer && attendance.isFirst();
  const others = attendance.others();
  const seeds = others.map(({ address }) => address);
  if (observer && seeds.length === 0) throw absentError(name);
  if (!init && seeds.length === 0) return null;
  const { settings, stalledMs, trace, onWarning, directory, ...join } = options;
  const surroundings = Object.entries({ settings, stalledMs, trace, onWarning });
  const given: Partial<TransportOptions> = Object.fromEntries(
    surroundings.filter(([, value]) => value !== undefined),
  );
  const network = { kind: 'unicast', host: '127.0.0.1', seeds } as const;
  const transport = await Transport.open({ ...given, network, keys });
  const vain = new AbortController();
  const look = setInterval(() => {
    if (!init && isVain(attendance, others, observer)) vain.abort();
  }, lookMs);
  try {
    const asking = others.some(({ standing }) => standing === 'member') ? 'asking' : 'joining';
    if (!observer) attendance.enter(transport.address, init ? 'member' : asking);
    const signals = [vain.signal, ...(options.signal === undefined ? [] : [options.signal])];
    const entrance = { ...join, init, timeoutMs: leftMs, signal: AbortSignal.any(signals) };
    const group = await transport.enter(name, entrance, {
      givenMs: options.timeoutMs,
      silence: () => silenceOf(attendance),
    });
    attendance.stand('member');
    group.afterwards(async () => {
      try {
        attendance.close();
      } finally {
        await transport.close();
      }
    });
    return group;
  } catch (error) {
    await transport.close();
    if (vain.signal.aborted && options.signal?.aborted !== true) return null;
    throw error as GroupError;
  } finally {
    clearInterval(look);
  }
}

/** Nobody who was asked lives, of the members if there were any; or this process can make the group itself; or the directory cannot be read, as the next attempt says. */
function isVain(attendance: Attendance, others: readonly Attendant[], observer: boolean): boolean {
  const members = others.filter(({ standing }) => standing === 'member');
  const asked = members.length > 0 ? members : others;
  try {
    const living = new Set(attendance.others().map(({ address }) => address));
    return !asked.some(({ address }) => living.has(address)) || (!observer && attendance.isFirst());
  } catch {
    return true;
  }
}

/** What may be the matter when nobody answers. */
function silenceOf(attendance: Attendance): string {
  try {
    const members = attendance.others().filter(({ standing }) => standing === 'member');
    return machineSilence(members.map(({ address }) => address));
  } catch (error) {
    return `The run-time directory cannot be read: ${error}. Mend it, and try again.`;
  }
}

function absentError(name: string): GroupError {
  return new GroupError(
    'group-absent',
    `None of this user's processes on this machine is in group "${name}": start one first.`,
  );
}
