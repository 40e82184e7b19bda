/**
 * The head file: how far the journal had come, kept outside SQLite. SQLite drops what follows a
 * damaged frame of its write-ahead log without a word; compared with this file, that shows.
 *
 * H1 A mark is written only after the transaction it describes was synced, so the marks never run
 *    ahead of an undamaged database.
 * H2 Two slots, far enough apart to share no sector, are written in turn: a torn write costs one of
 *    them, and the other is one transaction older.
 * H3 The file is created whole, under another name, before the database exists.
 */
import {
  closeSync,
  fdatasyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';
import { diskError } from './fault.ts';
import { syncFile } from './files.ts';

/** What the journal had reached when a mark was written. */
export type HeadMark = {
  /** Transactions so far: also moves when a transaction holds no entry. */
  readonly commits: number;
  /** Position and chain value of the last entry. */
  readonly seq: number;
  readonly chain: number;
  /** The owner closed the journal in order after this. */
  readonly clean: boolean;
  /** No entry was stored since this was copied from another directory. Never clean. */
  readonly copied: boolean;
};

export type HeadReading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' }
  | {
      readonly kind: 'read';
      readonly mark: HeadMark;
      readonly turn: number;
      readonly whole: boolean;
    };

const MAGIC = 0x43484a31;
const SLOT_BYTES = 64;
const SLOT_DISTANCE_BYTES = 4096;
const CHECKED_BYTES = SLOT_BYTES - 4;

/** Before the first transaction. */
export const NOTHING: HeadMark = { commits: 0, seq: 0, chain: 0, clean: false, copied: false };

/** The newest valid mark; `whole` when both slots are valid. */
export function readHeadFile(path: string): HeadReading {
  const bytes = contentOf(path);
  if (bytes === undefined) return { kind: 'absent' };
  const slots = [decodeSlot(bytes, 0), decodeSlot(bytes, SLOT_DISTANCE_BYTES)];
  const valid = slots.filter((slot) => slot !== undefined).sort((a, b) => b.turn - a.turn);
  const newest = valid[0];
  if (newest === undefined) return { kind: 'unreadable' };
  return { kind: 'read', ...newest, whole: valid.length === slots.length };
}

/** Creates the file with two marks that say: nothing yet (H3). */
export function createHeadFile(path: string): void {
  const bytes = new Uint8Array(SLOT_DISTANCE_BYTES + SLOT_BYTES);
  bytes.set(encodeSlot(NOTHING, 0), 0);
  bytes.set(encodeSlot(NOTHING, 1), SLOT_DISTANCE_BYTES);
  writeFileSync(`${path}.new`, bytes, { mode: 0o600 });
  syncFile(`${path}.new`);
  renameSync(`${path}.new`, path);
}

/** The open head file of an owner. */
export class HeadFile {
  readonly #descriptor: number;
  #turn: number;
  #unsynced = false;

  /** `turn` is that of the newest slot read: the next mark overwrites the older one. */
  constructor(path: string, turn: number) {
    this.#descriptor = openSync(path, 'r+');
    this.#turn = turn;
  }

  /** Writes without syncing: enough for the death of the process, a second short for power loss. */
  write(mark: HeadMark): void {
    this.#turn += 1;
    const slot = encodeSlot(mark, this.#turn);
    const at = (this.#turn % 2) * SLOT_DISTANCE_BYTES;
    const written = writeSync(this.#descriptor, slot, 0, SLOT_BYTES, at);
    if (written !== SLOT_BYTES) throw diskError(`a write to the head file stopped at ${written}`);
    this.#unsynced = true;
  }

  /** A mark was written since the last sync. */
  get unsynced(): boolean {
    return this.#unsynced;
  }

  sync(): void {
    fdatasyncSync(this.#descriptor);
    this.#unsynced = false;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function contentOf(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw error;
  }
}

// A slot, little-endian: magic u32, state u32, turn f64, commits f64, seq f64, chain u32, reserved
// to byte 60, CRC-32 of those 60 bytes.

/** How the journal was left. Stored: never use one for something else. */
const STATE = { open: 0, clean: 1, copied: 2 } as const;

function stateOf({ clean, copied }: HeadMark): number {
  if (copied) return STATE.copied;
  return clean ? STATE.clean : STATE.open;
}

function encodeSlot(mark: HeadMark, turn: number): Uint8Array {
  const slot = new Uint8Array(SLOT_BYTES);
  const view = new DataView(slot.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, stateOf(mark), true);
  view.setFloat64(8, turn, true);
  view.setFloat64(16, mark.commits, true);
  view.setFloat64(24, mark.seq, true);
  view.setUint32(32, mark.chain, true);
  view.setUint32(CHECKED_BYTES, crc32(slot.subarray(0, CHECKED_BYTES)), true);
  return slot;
}

function decodeSlot(file: Uint8Array, at: number): { mark: HeadMark; turn: number } | undefined {
  if (file.length < at + SLOT_BYTES) return undefined;
  const slot = file.subarray(at, at + SLOT_BYTES);
  const view = new DataView(slot.buffer, slot.byteOffset, SLOT_BYTES);
  if (view.getUint32(0, true) !== MAGIC) return undefined;
  if (view.getUint32(CHECKED_BYTES, true) !== crc32(slot.subarray(0, CHECKED_BYTES))) {
    return undefined;
  }
  const state = view.getUint32(4, true);
  return {
    turn: view.getFloat64(8, true),
    mark: {
      commits: view.getFloat64(16, true),
      seq: view.getFloat64(24, true),
      chain: view.getUint32(32, true),
      clean: state === STATE.clean,
      copied: state === STATE.copied,
    },
  };
}
