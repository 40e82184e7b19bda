/**
 * The state of a replicated map, as a function of the operations on it (B1). Each entry has the number of the operation that set it.
 *
 * An operation in bytes: its number at its sender, a byte for the kind, the key as text, and what the kind has beside.
 */
import { Reader, utf8Length, Writer } from '@choir/bytes';
import { readOneOf } from '../fields.ts';

/** Of a key, in UTF-8. */
export const keyBytesMax = 1_024;
/** Of all entries, each counted with 64 bytes. A joiner takes 1 GiB of state, that of all replicas (`stateBytesMax`). */
export const mapBytesMax = 512 * 1024 ** 2;
/** What an entry takes beside its key and its value, at most, where it is sent. */
const entryBytes = 64;

export type MapOperation = { readonly number: number } & (
  | { readonly kind: 'set'; readonly key: string; readonly value: Uint8Array }
  | { readonly kind: 'delete'; readonly key: string }
  /** Only if the entry has this version; 0: only if there is none. */
  | {
      readonly kind: 'set-if';
      readonly key: string;
      readonly version: number;
      readonly value: Uint8Array;
    }
  /** Nothing but its place in the order. */
  | { readonly kind: 'read'; readonly key: string }
);

export type MapEntry = { readonly value: Uint8Array; readonly version: number };

/** Whether it took effect, and the entry after it. `full`: it had no room, which is decided at its place in the order, by all alike. */
export type MapOutcome = { readonly entry: MapEntry | null } & (
  | { readonly applied: true }
  | { readonly applied: false; readonly why: 'another version' | 'no entry' | 'full' }
);

const kinds = ['set', 'delete', 'set-if', 'read'] as const satisfies MapOperation['kind'][];

export class MapState {
  /**
   * Whether operations are multicast as safe. Who is cut off while it speaks alone is given its own agreed messages for a moment: it would answer
   * for entries that nobody else has, or ever will.
   */
  readonly safe = true;
  readonly #entries = new Map<string, MapEntry>();
  readonly #bytesMax: number;
  #bytes = 0;
  /** Operations so far. */
  #version = 0;

  /** @param bytesMax of all entries, the same at all members */
  constructor(bytesMax: number = mapBytesMax) {
    this.#bytesMax = bytesMax;
  }

  get entries(): ReadonlyMap<string, MapEntry> {
    return this.#entries;
  }

  apply(operation: MapOperation): MapOutcome {
    const { key } = operation;
    const before = this.#entries.get(key) ?? null;
    switch (operation.kind) {
      case 'set':
        return this.#set(key, operation.value, before);
      case 'set-if':
        if ((before?.version ?? 0) !== operation.version)
          return { applied: false, why: 'another version', entry: before };
        return this.#set(key, operation.value, before);
      case 'delete':
        if (before === null) return { applied: false, why: 'no entry', entry: null };
        this.#bytes -= bytesOf(key, before.value);
        this.#entries.delete(key);
        return { applied: true, entry: null };
      case 'read':
        return { applied: true, entry: before };
      default:
        return operation satisfies never;
    }
  }

  /** There is no entry any more; versions go on. */
  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  snapshot(): Iterable<Uint8Array> {
    return pieces(this.#version, [...this.#entries]);
  }

  /** @throws Error when these are not the pieces of a snapshot */
  restore(pieces: readonly Uint8Array[]): void {
    const [head, ...entries] = pieces;
    const reader = new Reader(head ?? new Uint8Array());
    this.#version = reader.natural();
    this.clear();
    for (const piece of entries) {
      const entry = new Reader(piece);
      const key = entry.text(keyBytesMax);
      const version = entry.natural();
      const value = entry.raw(entry.remaining).slice();
      if (entry.failed) throw new Error('An entry of the map cannot be read.');
      this.#entries.set(key, { value, version });
      this.#bytes += bytesOf(key, value);
    }
    if (reader.failed || reader.remaining > 0) throw new Error('This is no state of a map.');
  }

  /** What makes no more of the map than it was always has room. */
  #set(key: string, value: Uint8Array, before: MapEntry | null): MapOutcome {
    const less = before === null ? 0 : bytesOf(key, before.value);
    const bytes = this.#bytes - less + bytesOf(key, value);
    if (bytes > Math.max(this.#bytesMax, this.#bytes)) {
      return { applied: false, why: 'full', entry: before };
    }
    this.#bytes = bytes;
    this.#version += 1;
    const entry = { value, version: this.#version };
    this.#entries.set(key, entry);
    return { applied: true, entry };
  }
}

function bytesOf(key: string, value: Uint8Array): number {
  return entryBytes + utf8Length(key) + value.length;
}

export function encodeMapOperation(operation: MapOperation): Uint8Array {
  const writer = new Writer();
  writer.natural(operation.number);
  writer.u8(kinds.indexOf(operation.kind));
  writer.text(operation.key);
  if (operation.kind === 'set-if') writer.natural(operation.version);
  if ('value' in operation) writer.raw(operation.value);
  return writer.take();
}

/** Null when the bytes are no operation. Its value is a copy. */
export function decodeMapOperation(bytes: Uint8Array): MapOperation | null {
  const reader = new Reader(bytes);
  const number = reader.natural();
  const kind = readOneOf(reader, kinds);
  const key = reader.text(keyBytesMax);
  const version = kind === 'set-if' ? reader.natural() : 0;
  const value = kind === 'set' || kind === 'set-if' ? reader.raw(reader.remaining).slice() : null;
  if (reader.failed || reader.remaining > 0) return null;
  if (kind === 'set') return { number, kind, key, value: value ?? new Uint8Array() };
  if (kind === 'set-if') return { number, kind, key, version, value: value ?? new Uint8Array() };
  return { number, kind, key };
}

function* pieces(
  version: number,
  entries: readonly (readonly [string, MapEntry])[],
): Generator<Uint8Array> {
  const writer = new Writer();
  writer.natural(version);
  yield writer.take();
  for (const [key, entry] of entries) {
    writer.text(key);
    writer.natural(entry.version);
    writer.raw(entry.value);
    yield writer.take();
  }
}
