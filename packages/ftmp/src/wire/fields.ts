/**
 * The fields that bodies are made of (W4 to W10), each with its reader and its writer. Numbers have fixed
 * widths in the byte order of the message; lists have a count of 16 bits before them.
 */
import { type ByteOrder, type Reader, readFixed, type Writer, writeFixed } from '@choir/bytes';
import { type ProcessorId, processorIdOf, type ViewId } from '../ids.ts';
import { counterMax } from './counters.ts';

/** Members of a group, at most; a bound for every list on the wire. */
export const membersMax = 255;
/** Sources that one processor keeps messages of: members, and some that have just gone. */
const sourcesMax = 2 * membersMax;
/** An address of a processor, opaque to the protocol. */
export const addressBytesMax = 64;

/** How far of each source: `sequence` and everything before it. */
export type Mark = { readonly source: ProcessorId; readonly sequence: number };

/** A mark, and how far the source was heard: all of its messages up to that timestamp are within the mark. */
export type HeldMark = Mark & { readonly heard: number };

/** Reads fields of one message, in its byte order. */
export class FieldReader {
  readonly #reader: Reader;
  readonly #order: ByteOrder;

  constructor(reader: Reader, order: ByteOrder) {
    this.#reader = reader;
    this.#order = order;
  }

  get reader(): Reader {
    return this.#reader;
  }

  u8(): number {
    return this.#reader.u8();
  }

  u16(): number {
    return readFixed(this.#reader, 2, this.#order);
  }

  u32(): number {
    return readFixed(this.#reader, 4, this.#order);
  }

  u64(): number {
    return readFixed(this.#reader, 8, this.#order);
  }

  /** W7 */
  counter(): number {
    const at = this.#reader.offset;
    const value = this.u64();
    if (value > counterMax) this.#reader.fail('LIMIT', 'a counter is larger than 2^52', at);
    return value;
  }

  processor(): ProcessorId {
    const at = this.#reader.offset;
    const id = processorIdOf(this.u64());
    if (id === null) this.#reader.fail('VALUE', 'no processor has this id', at);
    return id ?? (0 as ProcessorId);
  }

  view(): ViewId {
    return { timestamp: this.counter(), processor: this.processor() };
  }

  /** A list in which nothing comes twice. */
  processors(max = membersMax): readonly ProcessorId[] {
    const ids = this.list(max, 8, () => this.processor());
    if (new Set(ids).size !== ids.length) this.#reader.fail('VALUE', 'a processor is named twice');
    return ids;
  }

  marks(): readonly Mark[] {
    const marks = this.list(sourcesMax, 16, () => ({
      source: this.processor(),
      sequence: this.counter(),
    }));
    this.#eachOnce(marks);
    return marks;
  }

  heldMarks(): readonly HeldMark[] {
    const marks = this.list(sourcesMax, 24, () => ({
      source: this.processor(),
      sequence: this.counter(),
      heard: this.counter(),
    }));
    this.#eachOnce(marks);
    return marks;
  }

  #eachOnce(marks: readonly Mark[]): void {
    const sources = new Set(marks.map(({ source }) => source));
    if (sources.size !== marks.length) this.#reader.fail('VALUE', 'a source is named twice');
  }

  /** @param width the fewest bytes that one of them takes */
  list<T>(max: number, width: number, item: () => T): T[] {
    const count = this.u16();
    if (count > max) this.#reader.fail('LIMIT', `more than ${max} in a list`);
    else if (count * width > this.#reader.remaining)
      this.#reader.fail('END', 'the list ends too early');
    const items: T[] = [];
    for (let i = 0; i < count && !this.#reader.failed; i += 1) items.push(item());
    return items;
  }

  bytes(max: number): Uint8Array {
    const count = this.u16();
    if (count > max) this.#reader.fail('LIMIT', `more than ${max} bytes`);
    return this.#reader.raw(this.#reader.failed ? 0 : count);
  }
}

export class FieldWriter {
  readonly #writer: Writer;
  readonly #order: ByteOrder;

  constructor(writer: Writer, order: ByteOrder) {
    this.#writer = writer;
    this.#order = order;
  }

  u8(value: number): void {
    this.#writer.u8(value);
  }

  u16(value: number): void {
    writeFixed(this.#writer, value, { width: 2, order: this.#order });
  }

  u32(value: number): void {
    writeFixed(this.#writer, value, { width: 4, order: this.#order });
  }

  u64(value: number): void {
    writeFixed(this.#writer, value, { width: 8, order: this.#order });
  }

  processor(id: ProcessorId): void {
    this.u64(id);
  }

  view(view: ViewId): void {
    this.u64(view.timestamp);
    this.processor(view.processor);
  }

  processors(ids: readonly ProcessorId[]): void {
    this.list(ids, (id) => this.processor(id));
  }

  heldMarks(marks: readonly HeldMark[]): void {
    this.list(marks, ({ source, sequence, heard }) => {
      this.processor(source);
      this.u64(sequence);
      this.u64(heard);
    });
  }

  marks(marks: readonly Mark[]): void {
    this.list(marks, ({ source, sequence }) => {
      this.processor(source);
      this.u64(sequence);
    });
  }

  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.u16(items.length);
    for (const item of items) write(item);
  }

  bytes(value: Uint8Array): void {
    this.u16(value.length);
    this.#writer.raw(value);
  }

  raw(value: Uint8Array): void {
    this.#writer.raw(value);
  }
}
