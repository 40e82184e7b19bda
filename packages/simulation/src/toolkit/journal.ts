/**
 * The replica that is all that its member was told: each view and each multicast, and a digest of them. Its state is restored only if the
 * digest is that of what it holds.
 */
import { Reader, utf8Of, Writer } from '@choir/bytes';
import { type ProcessorId, processorText } from '@choir/ftmp';
import type { GroupView, Member, Replica } from '@choir/process-group/core';
import { fingerprint } from '@choir/testkit';
import { messageOf } from './payload.ts';
import type { Place } from './vocabulary.ts';

type Entry = {
  readonly text: string;
  /** The beginning of the message. */
  readonly kept: Uint8Array;
};

const noBytes = new Uint8Array(0);
const entryBytesMax = 1024 * 1024;

export class Journal implements Replica {
  readonly #keptBytes: number;
  #entries: Entry[] = [];
  #place: Place = { view: 0, count: 0 };
  #digest = '';
  /** What the application does wrong. */
  readonly faults = { isSnapshotThrowing: false, isNextRestoreThrowing: false };
  /** Told when a snapshot throws. */
  threw: () => void = () => {};

  /** @param keptBytes how much of each message is kept */
  constructor(keptBytes: number) {
    this.#keptBytes = keptBytes;
  }

  get place(): Place {
    return this.#place;
  }

  get digest(): string {
    return this.#digest;
  }

  /** A multicast, of whatever channel. */
  note(channel: string, sender: ProcessorId, bytes: Uint8Array): void {
    const { view, count } = this.#place;
    this.#place = { view, count: count + 1 };
    const text = `${messageOf(sender, bytes)} ${channel} ${fingerprint(bytes)}`;
    this.#add({ text, kept: bytes.slice(0, this.#keptBytes) });
  }

  /** What came on the channel of this replica has been noted with the rest. */
  apply(): void {}

  readonly view = (view: GroupView): void => {
    // The view that comes with a state is in it.
    if (view.number === this.#place.view) return;
    this.#place = { view: view.number, count: 0 };
    this.#add({ text: viewLine(view), kept: noBytes });
  };

  readonly snapshot = (): Iterable<Uint8Array> => {
    const { view, count } = this.#place;
    const writer = new Writer();
    writer.natural(view);
    writer.natural(count);
    writer.text(this.#digest);
    const entries = [...this.#entries];
    if (!this.faults.isSnapshotThrowing) return piecesOf(writer.take(), entries);
    return throwing(writer.take(), entries.slice(0, entries.length / 2), this.threw);
  };

  readonly restore = ([head = noBytes, ...pieces]: readonly Uint8Array[]): void => {
    if (this.faults.isNextRestoreThrowing) {
      this.faults.isNextRestoreThrowing = false;
      throw new Error('There is no room for the state.');
    }
    const reader = new Reader(head);
    this.#place = { view: reader.natural(), count: reader.natural() };
    const digest = reader.text(64);
    this.#entries = [];
    this.#digest = '';
    for (const piece of pieces) this.#add(entryOf(piece));
    if (reader.failed || this.#digest !== digest) throw new Error('The state is not what it was.');
  };

  #add(entry: Entry): void {
    this.#entries.push(entry);
    this.#digest = fingerprint(bytesOf(`${this.#digest} ${entry.text} ${fingerprint(entry.kept)}`));
  }
}

function* piecesOf(head: Uint8Array, entries: readonly Entry[]): Generator<Uint8Array> {
  yield head;
  for (const { text, kept } of entries) {
    const writer = new Writer(text.length + kept.length + 16);
    writer.text(text);
    writer.raw(kept);
    yield writer.take();
  }
}

function* throwing(
  head: Uint8Array,
  entries: readonly Entry[],
  threw: () => void,
): Generator<Uint8Array> {
  yield* piecesOf(head, entries);
  threw();
  throw new Error('The state cannot be read.');
}

function entryOf(piece: Uint8Array): Entry {
  const reader = new Reader(piece);
  const text = reader.text(entryBytesMax);
  return { text, kept: reader.raw(reader.remaining).slice() };
}

function bytesOf(text: string): Uint8Array {
  return utf8Of(text) ?? noBytes;
}

function viewLine({ number, members, joined, returned, left, excluded }: GroupView): string {
  const lists = [members, joined, returned, left, excluded].map(listText);
  return `view ${number}: ${lists.join('; ')}`;
}

function listText(members: readonly Member[]): string {
  return members.map(({ id, label }) => `${processorText(id)} ${label}`).join(', ');
}
