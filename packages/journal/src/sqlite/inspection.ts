/**
 * What an opening checks before it trusts a database (docs/design/journal.md, Opening):
 * I1 the format and the tables, I2 the chain over all entries, I3 the settings and the snapshot,
 * I4 nothing less than the head file has seen, I5 the structure of every tree (quick_check), so that
 * later writes cannot land on pages that are in use.
 * Rows are checked when they are read; their links make a missing one visible there.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { JournalSnapshot } from '../contract.ts';
import { CHAIN_START, settingChecksum, snapshotChecksum } from './checksum.ts';
import { scanEntries } from './entry-scan.ts';
import { damaged, faultOf, JournalFault } from './fault.ts';
import type { HeadMark } from './head-file.ts';
import { FORMAT, NO_SNAPSHOT, type SettingName, TABLES } from './tables.ts';

/** Where the log ends. `first` is 0 while it is empty. */
export type LogEnd = {
  readonly first: number;
  readonly seq: number;
  readonly epoch: number;
  readonly chain: number;
};

export type Inspected = {
  readonly end: LogEnd;
  readonly applied: number;
  readonly commits: number;
  readonly snapshot: JournalSnapshot | null;
};

export function inspect(database: DatabaseSync, mark: HeadMark): Inspected {
  checkFormat(database);
  const end = endOfLog(database, mark);
  try {
    checkTables(database);
    const { applied, commits, snapshot } = readSettings(database);
    if (commits < mark.commits) {
      throw damaged(
        `the last ${mark.commits - commits} of ${mark.commits} transactions are gone`,
        applied + 1,
      );
    }
    const found = { end, applied, commits, snapshot: readSnapshot(database, snapshot) };
    checkStructure(database, end);
    return found;
  } catch (error) {
    throw faultOf(error);
  }
}

/** A newer version may have other tables: its number is looked at before anything else. */
function checkFormat(database: DatabaseSync): void {
  try {
    const row = database
      .prepare("SELECT name, value, crc FROM settings WHERE name = 'format'")
      .get();
    const format = row === undefined ? undefined : settingOf(row)?.value;
    if (format === undefined) throw damaged('the format number is unreadable', 1);
    if (format === FORMAT) return;
    throw new JournalFault(
      'FORMAT',
      `The journal has format ${format}, and this version knows ${FORMAT}. Start the version that ` +
        'wrote it, or a newer one.',
    );
  } catch (error) {
    throw faultOf(error, 1);
  }
}

function endOfLog(database: DatabaseSync, mark: HeadMark): LogEnd {
  let end: LogEnd = { first: 0, seq: 0, epoch: 0, chain: CHAIN_START };
  for (const { seq, epoch, chain } of scanEntries(database)) {
    if (seq === mark.seq && chain !== mark.chain) {
      throw damaged('up to here it is not the log that the head file has seen', seq);
    }
    end = { first: end.first || seq, seq, epoch, chain };
  }
  if (end.seq < mark.seq) {
    throw damaged(`entries up to ${mark.seq} were acknowledged and are gone`, end.seq + 1);
  }
  return end;
}

function checkTables(database: DatabaseSync): void {
  const stored = database.prepare('SELECT name, sql FROM sqlite_schema').all();
  const unknown = stored.find(({ name, sql }) => TABLES[String(name)] !== sql);
  if (unknown !== undefined) throw damaged(`its table "${unknown['name']}" is not as it was made`);
  if (stored.length !== Object.keys(TABLES).length) throw damaged('a table is missing');
}

function readSettings(database: DatabaseSync): Record<SettingName, number> {
  const rows = database.prepare('SELECT name, value, crc FROM settings').all();
  const found = new Map<unknown, number>();
  for (const row of rows) {
    const setting = settingOf(row);
    if (setting === undefined) throw damaged('a setting does not match its checksum');
    found.set(setting.name, setting.value);
  }
  const settingNamed = (name: SettingName): number => {
    const value = found.get(name);
    if (value === undefined) throw damaged(`the setting "${name}" is missing`);
    return value;
  };
  return {
    format: settingNamed('format'),
    commits: settingNamed('commits'),
    applied: settingNamed('applied'),
    snapshot: settingNamed('snapshot'),
  };
}

function settingOf(row: Readonly<Record<string, unknown>>) {
  const { name, value, crc } = row;
  if (typeof name !== 'string' || typeof value !== 'number') return undefined;
  return crc === settingChecksum(name, value) ? { name, value } : undefined;
}

function readSnapshot(database: DatabaseSync, expectedSeq: number): JournalSnapshot | null {
  const rows = database.prepare('SELECT seq, crc, bytes FROM snapshot').all();
  const row = rows[0];
  if (row === undefined && expectedSeq === NO_SNAPSHOT) return null;
  if (row === undefined || rows.length > 1) throw damaged('the snapshot is missing', expectedSeq);
  const { seq, crc, bytes } = row;
  const whole =
    seq === expectedSeq && bytes instanceof Uint8Array && crc === snapshotChecksum(seq, bytes);
  if (!whole) throw damaged('the snapshot does not match its checksum', expectedSeq);
  return { seq: expectedSeq, bytes };
}

function checkStructure(database: DatabaseSync, end: LogEnd): void {
  const result = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (result === 'ok') return;
  const said = String(result).replaceAll(/\s+/g, ' ');
  throw damaged(`SQLite's check says "${said}"; all entries up to ${end.seq} are whole`);
}
