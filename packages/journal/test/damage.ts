/** What happens to stored bytes: one damage, drawn from a seed, to one file of a journal. */
import type { Random } from '@choir/testkit';
import type { StoredFiles } from './filled-journal.ts';

export type Damage = { readonly what: string; readonly files: StoredFiles };

const SECTOR_BYTES = 512;
const PAGE_BYTES = 4096;

const KINDS = {
  'bit flip': 6,
  'byte changed': 2,
  'zeroed page': 2,
  'zeroed sector': 1,
  truncation: 2,
  'page of random bytes': 1,
  'page copied over another': 1,
  'file emptied': 0.2,
  'file gone': 0.2,
} as const;

type Kind = keyof typeof KINDS;

/** Only these say what the journal holds; the lock and the owner's number are made again. */
const DAMAGED_FILES = ['journal.db', 'journal.db-wal', 'journal.head'];

export function drawDamage(files: StoredFiles, random: Random): Damage {
  const names = DAMAGED_FILES.filter((name) => (files.get(name)?.length ?? 0) > 0);
  // The head file is small, and what can happen to it is soon exhausted.
  const name = random.chance(0.1) ? 'journal.head' : random.pick(names);
  const kind = random.weighted<Kind>(KINDS);
  const bytes = Buffer.from(files.get(name) ?? []);
  const damaged = new Map(files);
  if (kind === 'file gone') {
    damaged.delete(name);
    return { what: `${name}: ${kind}`, files: damaged };
  }
  const { at, result } = strike(kind, bytes, random);
  damaged.set(name, result);
  return { what: `${name} (${bytes.length} bytes): ${kind} at ${at}`, files: damaged };
}

function strike(kind: Exclude<Kind, 'file gone'>, bytes: Buffer, random: Random) {
  const at = random.int(0, bytes.length - 1);
  const page = at - (at % PAGE_BYTES);
  switch (kind) {
    case 'bit flip':
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.int(0, 7));
      return { at, result: bytes };
    case 'byte changed':
      bytes[at] = random.int(0, 255);
      return { at, result: bytes };
    case 'zeroed page':
      return { at: page, result: zero(bytes, page, PAGE_BYTES) };
    case 'zeroed sector': {
      const sector = at - (at % SECTOR_BYTES);
      return { at: sector, result: zero(bytes, sector, SECTOR_BYTES) };
    }
    case 'truncation':
      return { at, result: bytes.subarray(0, random.chance(0.5) ? at : page) };
    case 'page of random bytes':
      bytes.set(random.bytes(Math.min(PAGE_BYTES, bytes.length - page)), page);
      return { at: page, result: bytes };
    case 'page copied over another': {
      const other = random.int(0, bytes.length - 1);
      bytes.copy(
        bytes,
        page,
        other - (other % PAGE_BYTES),
        other - (other % PAGE_BYTES) + PAGE_BYTES,
      );
      return { at: page, result: bytes };
    }
    case 'file emptied':
      return { at: 0, result: Buffer.alloc(0) };
    default: {
      const never: never = kind;
      throw new Error(`unknown damage ${never}`);
    }
  }
}

function zero(bytes: Buffer, from: number, length: number): Buffer {
  return bytes.fill(0, from, Math.min(from + length, bytes.length));
}
