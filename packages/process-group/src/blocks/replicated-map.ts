/**
 * A map that all members have: what one sets, all have at the same place in the order (B1). Values are JSON.
 */
import { textOf, utf8Of } from '@choir/bytes';
import { checkSignal, checkText, optionError, shown } from '../arguments.ts';
import {
  decodeMapOperation,
  encodeMapOperation,
  keyBytesMax,
  type MapEntry,
  type MapOperation,
  type MapOutcome,
  MapState,
  type Member,
  mapBytesMax,
  payloadBytesMax,
} from '../core/index.ts';
import type { GroupError } from '../group-error.ts';
import { thrownText } from '../thrown.ts';
import { type Block, Pending, type Place } from './block.ts';

/** What a key has. */
export type Entry<Value> = {
  readonly value: Value;
  /** The number of the operation that set it, larger than that of every earlier one on this map. */
  readonly version: number;
};

/** What happened to an entry; `value` is undefined when it was deleted. */
export type Change<Value> = { readonly key: string; readonly value: Value | undefined };

/**
 * A map that all members have (B1). Values are JSON.
 *
 * @example
 * const scores = new ReplicatedMap<number>();
 * const group = await joinGroup('game', { replicas: { scores }, events: false });
 * await scores.set('ann', 7);
 */
export class ReplicatedMap<Value> implements Block {
  readonly #state = new MapState();
  readonly safe = this.#state.safe;
  readonly #pending = new Pending<MapOutcome>();
  readonly #onChange: (change: Change<Value>) => void;
  /** The keys before a state was taken over, or given up for another group, that nobody was told of yet. */
  #replaced: readonly string[] | null = null;
  /** The group that it was in is over. */
  #isOver = false;

  /**
   * @param onChange is told of every change, of whatever member, and, key by key, of a state that was taken over, with the view in which that is. What it throws
   *   ends the membership (`group-replica`)
   */
  constructor(onChange: (change: Change<Value>) => void = () => {}) {
    this.#onChange = onChange;
  }

  /** Of this member's copy, which may be behind. */
  get(key: string): Value | undefined {
    return this.entry(key)?.value;
  }

  /** As `get`, with the version. */
  entry(key: string): Entry<Value> | undefined {
    return entryOf<Value>(this.#state.entries.get(key) ?? null);
  }

  /** How many keys this member's copy has. */
  get size(): number {
    return this.#state.entries.size;
  }

  /** Those of this member's copy, in the order in which they were first set. */
  keys(): readonly string[] {
    return [...this.#state.entries.keys()];
  }

  /**
   * Resolves when it took effect here, with what all have now: what JSON makes of the value as it was when this was called.
   *
   * @param key 1 … 1,024 bytes of UTF-8
   * @param value with its key at most 16 MiB less 16 KiB in JSON
   * @param signal gives up waiting; what had been said by then takes effect all the same, as soon as there is a quorum
   * @throws GroupError `group-excluded`, `group-over` when that is not known; `group-option` when the map is full: it has 512 MiB of keys and values in JSON, and
   *   64 bytes for each; the signal's reason
   */
  async set(key: string, value: Value, signal?: AbortSignal): Promise<Entry<Value>> {
    const bytes = bytesOf(key, value);
    const { entry } = await this.#perform({ kind: 'set', key, value: bytes }, signal);
    return { value: jsonOf(bytes) as Value, version: entry?.version ?? 0 };
  }

  /**
   * Whether there was an entry.
   *
   * @throws as `set`
   */
  async delete(key: string, signal?: AbortSignal): Promise<boolean> {
    return (await this.#perform({ kind: 'delete', key }, signal)).applied;
  }

  /**
   * Sets it only if nobody has since `version` (0: only if there is no entry).
   *
   * @returns the entry afterwards, and whether it is the new one
   * @throws as `set`
   */
  async compareAndSet(
    key: string,
    version: number,
    value: Value,
    signal?: AbortSignal,
  ): Promise<{ readonly applied: boolean; readonly entry: Entry<Value> | undefined }> {
    checkVersion(version);
    const bytes = bytesOf(key, value);
    const operation = { kind: 'set-if', key, version, value: bytes } as const;
    const { applied, entry } = await this.#perform(operation, signal);
    return { applied, entry: entryOf<Value>(entry) };
  }

  /**
   * As of a place in the order after the call: not behind anything that was set before it.
   *
   * @throws as `set`
   */
  async read(key: string, signal?: AbortSignal): Promise<Entry<Value> | undefined> {
    return entryOf<Value>((await this.#perform({ kind: 'read', key }, signal)).entry);
  }

  /** @internal */
  attach(place: Place | null, over: GroupError | null): void {
    if (this.#isOver && place !== null) {
      this.#replaced ??= this.keys();
      this.#state.clear();
    }
    this.#isOver = place === null;
    this.#pending.attach(place, over);
  }

  /** @internal */
  apply({ id }: Member, bytes: Uint8Array): void {
    const operation = decodeMapOperation(bytes);
    // Everybody passes over what cannot be read.
    if (operation === null) return;
    const outcome = this.#state.apply(operation);
    if (this.#pending.isOwn(id)) this.#pending.settle(operation.number, outcome);
    if (operation.kind !== 'read' && outcome.applied) this.#tell(operation.key, outcome.entry);
  }

  /** @internal */
  snapshot(): Iterable<Uint8Array> {
    return this.#state.snapshot();
  }

  /** @internal */
  restore(pieces: readonly Uint8Array[]): void {
    this.#replaced ??= this.keys();
    this.#state.restore(pieces);
  }

  /** @internal All replicas have taken their states: what a callback does from here on says nothing of that. */
  view(): void {
    const replaced = this.#replaced;
    if (replaced === null) return;
    this.#replaced = null;
    for (const key of replaced) if (!this.#state.entries.has(key)) this.#tell(key, null);
    for (const [key, entry] of [...this.#state.entries]) this.#tell(key, entry);
  }

  async #perform(
    operation: DistributiveOmit<MapOperation, 'number'>,
    signal: AbortSignal | undefined,
  ): Promise<MapOutcome> {
    checkText('A key', operation.key, keyBytesMax);
    if (signal !== undefined) checkSignal(signal);
    const number = this.#pending.nextNumber();
    const said = encodeMapOperation({ ...operation, number });
    if (said.length > payloadBytesMax) throw longError(operation.key, said.length);
    const outcome = await this.#pending.perform(number, said, signal);
    if (!outcome.applied && outcome.why === 'full') throw fullError(operation.key);
    return outcome;
  }

  #tell(key: string, entry: MapEntry | null): void {
    this.#onChange({ key, value: entryOf<Value>(entry)?.value });
  }
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown
  ? Omit<Union, Key>
  : never;

function bytesOf(key: string, value: unknown): Uint8Array {
  const text = jsonTextOf(key, value);
  const bytes = text === undefined ? null : utf8Of(text);
  if (bytes !== null) return bytes;
  throw optionError(
    `The value of ${shown(key)}, ${shown(value)}, has no rendering in JSON: choose another, or delete the key.`,
  );
}

function jsonTextOf(key: string, value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    const text = `The value of ${shown(key)} has no rendering in JSON: choose another. ${thrownText(cause)}`;
    throw optionError(text, cause);
  }
}

function checkVersion(version: number): void {
  if (Number.isSafeInteger(version) && version >= 0) return;
  throw optionError(
    `The version of an entry is a natural number, not ${shown(version)}: give that of entry(key) or read(key), or 0 when there is to be no entry.`,
  );
}

function longError(key: string, length: number): GroupError {
  return optionError(
    `The value of ${shown(key)} is too long: with its key and in JSON it has ${length} bytes, of ${payloadBytesMax} at most. Divide it among several keys.`,
  );
}

function fullError(key: string): GroupError {
  return optionError(
    `The map is full, so "${key}" was not set: it has ${mapBytesMax} bytes at most. Delete entries, or divide them among several maps.`,
  );
}

/** What a member set that is not JSON reads as null. */
function entryOf<Value>(entry: MapEntry | null): Entry<Value> | undefined {
  if (entry === null) return undefined;
  return { value: jsonOf(entry.value) as Value, version: entry.version };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(bytes) ?? 'null');
  } catch {
    return null;
  }
}
