/** Fields that several messages, and the roll, have. */
import type { Reader, Writer } from '@choir/bytes';
import { type ProcessorId, processorId, type ViewId } from '@choir/ftmp';
import { membersMax } from './limits.ts';

const incarnations = 2 ** 32;
/** Stands for an id that could not be read; the reader has failed then. */
const nobody = processorId(1, 0);

export function readProcessor(reader: Reader): ProcessorId {
  const start = reader.offset;
  const value = reader.natural();
  try {
    return processorId(Math.floor(value / incarnations), value % incarnations);
  } catch {
    reader.fail('VALUE', 'this is no processor', start);
    return nobody;
  }
}

export function writeProcessors(writer: Writer, processors: readonly ProcessorId[]): void {
  writer.natural(processors.length);
  for (const processor of processors) writer.natural(processor);
}

export function readProcessors(reader: Reader): readonly ProcessorId[] {
  return readList(reader, membersMax, readProcessor);
}

export function writeView(writer: Writer, { timestamp, processor }: ViewId): void {
  writer.natural(timestamp);
  writer.natural(processor);
}

export function readView(reader: Reader): ViewId {
  return { timestamp: reader.natural(), processor: readProcessor(reader) };
}

export function readList<Item>(
  reader: Reader,
  max: number,
  read: (reader: Reader) => Item,
): readonly Item[] {
  const items: Item[] = [];
  const count = reader.count(max);
  while (items.length < count && !reader.failed) items.push(read(reader));
  return items;
}

/** One of these, by its place among them. */
export function readOneOf<Value>(reader: Reader, values: readonly [Value, ...Value[]]): Value {
  const start = reader.offset;
  const value = values[reader.u8()];
  if (value !== undefined) return value;
  reader.fail('VALUE', 'this value means nothing', start);
  return values[0];
}
