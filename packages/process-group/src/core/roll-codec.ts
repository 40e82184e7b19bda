/** The roll in bytes, as it goes with the state. */
import { Reader, Writer } from '@choir/bytes';
import type { ProcessorId } from '@choir/ftmp';
import { readList, readOneOf, readProcessor } from './fields.ts';
import { labelBytesMax, membersMax, nameBytesMax, pastMax } from './limits.ts';
import { type Entry, type Finding, findings, Roll } from './roll.ts';

export function encodeRoll(roll: Roll): Uint8Array {
  const { name, number, entries, past } = roll.record;
  const writer = new Writer();
  writer.text(name);
  writer.natural(number);
  writer.natural(entries.length);
  for (const { id, label, observes, isIn, returned, lacks } of entries) {
    writer.natural(id);
    writer.text(label);
    writer.u8(observes ? 1 : 0);
    writer.u8(isIn ? 1 : 0);
    writer.u8(returned ? 1 : 0);
    writer.u8(lacks === null ? 0 : 1);
    if (lacks !== null) writeFound(writer, lacks);
  }
  writer.natural(past.length);
  for (const label of past) writer.text(label);
  return writer.take();
}

/** Null when the bytes are no roll, or one that cannot be: of no view, or with one member, or one label, twice. */
export function decodeRoll(bytes: Uint8Array): Roll | null {
  const reader = new Reader(bytes);
  const name = reader.text(nameBytesMax);
  const number = reader.natural();
  const entries = readList(reader, membersMax, readEntry);
  const past = readList(reader, pastMax, (from) => from.text(labelBytesMax));
  if (reader.failed || reader.remaining > 0 || number === 0) return null;
  const ids = new Set(entries.map(({ id }) => id));
  const labels = new Set(entries.map(({ label }) => label));
  if (ids.size < entries.length || labels.size < entries.length) return null;
  return new Roll({ name, number, entries, past });
}

function readEntry(reader: Reader): Entry {
  const id = readProcessor(reader);
  const label = reader.text(labelBytesMax);
  const observes = reader.flag();
  const isIn = reader.flag();
  const returned = reader.flag();
  const lacks = reader.flag() ? new Map(readList(reader, membersMax, readFound)) : null;
  return { id, label, observes, isIn, returned, lacks };
}

function writeFound(writer: Writer, found: ReadonlyMap<ProcessorId, Finding>): void {
  writer.natural(found.size);
  for (const [provider, finding] of found) {
    writer.natural(provider);
    writer.u8(findings.indexOf(finding));
  }
}

function readFound(reader: Reader): readonly [ProcessorId, Finding] {
  return [readProcessor(reader), readOneOf(reader, findings)];
}
