/** The machine: Node.js, the clock, how many files may be open. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, fail, ok, warn } from './finding.ts';

const majorSettled = 26;
/** One for each client, and some for the journal, the page and the log. */
const descriptorsWanted = 10_000 + 100;
/** This version was made after it. */
const earliest = Date.UTC(2026, 0, 1);
/** A clock that is set by the network is nearer. */
const aheadMs = 60_000;

export function checkNode(version: string): Finding {
  if (Number.parseInt(version, 10) >= majorSettled) return ok('Node.js', version);
  return warn(
    'Node.js',
    `${version}: what Choir needs of it (node:sqlite, TypeScript as it is) is experimental there.`,
    `Use Node.js ${majorSettled} or newer; npm ci brings one.`,
  );
}

/** The journal's newest file cannot be from the future. */
export function checkClock(data: string, now: number): Finding {
  const shown = new Date(now).toISOString();
  if (now < earliest) {
    return fail('clock', `It is ${shown} here.`, 'Set the clock; tokens depend on it.');
  }
  const written = statSync(join(data, 'journal.head'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (written > now + aheadMs) {
    return warn(
      'clock',
      `It is ${shown} here, and the journal was written later, at ${new Date(written).toISOString()}.`,
      'Set the clock, by NTP if possible: times of messages and the expiry of tokens depend on it.',
    );
  }
  return ok('clock', shown);
}

/** As Node.js leaves it: it raises the soft limit to the hard one. */
export function checkDescriptors(): Finding {
  const limit = openFilesMax();
  if (limit === null) return ok('open files', 'The limit is not known on this system.');
  if (limit >= descriptorsWanted) return ok('open files', `up to ${limit}`);
  return warn(
    'open files',
    `No more than ${limit} may be open, which is too few for 10,000 clients.`,
    `Raise it: LimitNOFILE= of systemd, or ulimit -n ${descriptorsWanted}.`,
  );
}

function openFilesMax(): number | null {
  try {
    const found = /^Max open files +(\d+|unlimited)/m.exec(
      readFileSync('/proc/self/limits', 'utf8'),
    );
    if (found === null) return null;
    return found[1] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(found[1]);
  } catch {
    return null;
  }
}
