/** The data directory. Nothing in it is changed, and nothing is made that is not there. */
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkData } from '@choir/server';
import { sentencesOf } from '../server-failure.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const mib = 1024 * 1024;
const freeBytesLeast = 64 * mib;
const freeBytesWanted = 1024 * mib;

export function checkDirectory(data: string): Finding {
  const stats = statSync(data, { throwIfNoEntry: false });
  if (stats === undefined) return checkAbsent(data);
  if (!stats.isDirectory()) {
    return fail('data', `${data} is no directory.`, 'Name a directory with --data.');
  }
  const uid = process.geteuid?.() ?? stats.uid;
  if (stats.uid !== uid && uid !== 0) {
    return fail(
      'data',
      `${data} belongs to user ${stats.uid}, and this is user ${uid}.`,
      'Run as that user, as the service does (sudo -u), or change the owner.',
    );
  }
  if (!isAllowed(data, constants.R_OK | constants.W_OK | constants.X_OK)) {
    return fail(
      'data',
      `${data} cannot be written.`,
      'Check its permissions and how it is mounted.',
    );
  }
  if ((stats.mode & 0o077) !== 0) {
    const mode = (stats.mode & 0o777).toString(8);
    return warn('data', `${data} is open to other users (mode ${mode}).`, `chmod 700 ${data}`);
  }
  return ok('data', data);
}

function checkAbsent(data: string): Finding {
  const parent = existing(dirname(data));
  if (isAllowed(parent, constants.W_OK | constants.X_OK)) {
    return ok('data', `${data} is not there yet; choir serve makes it.`);
  }
  const problem = `${data} is not there and cannot be made: ${parent} cannot be written.`;
  return fail('data', problem, 'Make the directory for the user who runs the server.');
}

export function checkSpace(data: string): Finding {
  const { bavail, bsize } = statfsSync(existing(data));
  const free = bavail * bsize;
  const shown = `${sizeOf(free)} free`;
  const remedy = 'Make room, or move the data directory to a larger disk.';
  if (free < freeBytesLeast)
    return fail('disk', `${shown}: the journal will soon not grow.`, remedy);
  if (free < freeBytesWanted) return warn('disk', shown, remedy);
  return ok('disk', shown);
}

/** Reads all of the journal, unless a server has it. */
export function checkJournalIn(data: string): Finding {
  if (!existsSync(data)) return ok('journal', 'There is none yet.');
  const found = checkData(data);
  if (found === null) return ok('journal', 'There is none yet.');
  const { failure, head, complete } = found;
  if (failure === null) {
    return ok('journal', `whole up to global id ${head.seq}, epoch ${head.epoch}`);
  }
  const [what = '', ...more] = sentencesOf(failure.message);
  if (failure.code === 'IN_USE') {
    return ok('journal', `${what} Its journal is not read meanwhile.`);
  }
  const lost = complete ? ' All that was acknowledged is still there.' : '';
  return fail('journal', `${what}${lost}`, more.join(' ') || failure.remedy);
}

function existing(path: string): string {
  for (let at = path; ; at = dirname(at)) if (existsSync(at) || at === dirname(at)) return at;
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function sizeOf(bytes: number): string {
  const gib = bytes / (1024 * mib);
  return gib >= 1 ? `${gib.toFixed(1)} GiB` : `${Math.floor(bytes / mib)} MiB`;
}
