/** Replies that the service of one member made to requests that wait: the messages that say them, by their requests. */
import { entryBytes } from './connection-limits.ts';

export class MadeReplies {
  readonly #messages = new Map<string, Uint8Array>();
  #bytes = 0;

  /** Of all of them, and of what keeps them. */
  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#messages.size;
  }

  /** In the order in which they were made. */
  get messages(): readonly Uint8Array[] {
    return [...this.#messages.values()];
  }

  get(request: string): Uint8Array | undefined {
    return this.#messages.get(request);
  }

  add(request: string, message: Uint8Array): void {
    this.delete(request);
    this.#messages.set(request, message);
    this.#bytes += message.length + entryBytes;
  }

  delete(request: string): void {
    const message = this.#messages.get(request);
    if (message === undefined) return;
    this.#bytes -= message.length + entryBytes;
    this.#messages.delete(request);
  }

  clear(): void {
    this.#messages.clear();
    this.#bytes = 0;
  }
}
