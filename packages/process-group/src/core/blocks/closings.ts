/**
 * Which connections were closed, and after how many closings of any of them (B4). So what was said to a connection before it was closed is not taken for what
 * is said to the next of its name.
 *
 * As many names are remembered as connections may be open. Whoever speaks to another one as of before the last closing that was forgotten may mean one that was
 * closed since, and is taken to.
 */
import type { Reader, Writer } from '@choir/bytes';
import { connectionBytesMax } from './connection-message.ts';

export class Closings {
  readonly #namesMax: number;
  #count = 0;
  /** After how many closings, its own included, a name was closed the last time; the oldest first. */
  readonly #last = new Map<string, number>();
  /** Of the newest that was forgotten. */
  #forgotten = 0;

  constructor(namesMax: number) {
    this.#namesMax = namesMax;
  }

  get count(): number {
    return this.#count;
  }

  close(name: string): void {
    this.#count += 1;
    this.#last.delete(name);
    this.#last.set(name, this.#count);
    for (const [oldest, count] of this.#last) {
      if (this.#last.size <= this.#namesMax) return;
      this.#last.delete(oldest);
      this.#forgotten = count;
    }
  }

  /** After how many closings this one was closed the last time; or may have been, at most. */
  lastOf(name: string): number {
    return this.#last.get(name) ?? this.#forgotten;
  }

  write(writer: Writer): void {
    writer.natural(this.#count);
    writer.natural(this.#forgotten);
    writer.natural(this.#last.size);
    for (const [name, count] of this.#last) {
      writer.text(name);
      writer.natural(count);
    }
  }

  /** Replaces it all by what was written. */
  read(reader: Reader): void {
    this.#count = reader.natural();
    this.#forgotten = reader.natural();
    this.#last.clear();
    for (let left = reader.count(this.#namesMax); left > 0 && !reader.failed; left -= 1) {
      this.#last.set(reader.text(connectionBytesMax), reader.natural());
    }
  }
}
