/**
 * The line of this page, which can be cut: its WebSocket goes down without a word of the client, as when
 * a cable is pulled, and no other comes up before the line is mended.
 */
import type { WebSocketConstructor, WebSocketLike } from '@choir/client';

export class Line {
  readonly #open = new Set<WebSocket>();
  readonly #listeners = new Set<() => void>();
  #cut = false;

  get isCut(): boolean {
    return this.#cut;
  }

  /** To be given to the client in place of the browser's own. */
  get WebSocket(): WebSocketConstructor {
    const open = (url: string, protocols: string[]): WebSocket | null =>
      this.#cut ? null : this.#opened(new WebSocket(url, protocols));
    return class extends LineSocket {
      constructor(url: string, protocols: string[]) {
        super(open(url, protocols));
      }
    };
  }

  cut(): void {
    this.#cut = true;
    for (const socket of this.#open) socket.close();
    this.#tell();
  }

  mend(): void {
    this.#cut = false;
    // The client tries again at once when the browser says that there is a network.
    globalThis.dispatchEvent(new Event('online'));
    this.#tell();
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #opened(socket: WebSocket): WebSocket {
    this.#open.add(socket);
    socket.addEventListener('close', () => this.#open.delete(socket));
    return socket;
  }
}

/** The socket of a line; over one that is cut it closes without having been open. */
class LineSocket implements WebSocketLike {
  readonly #socket: WebSocket | null;

  constructor(socket: WebSocket | null) {
    this.#socket = socket;
  }

  get binaryType(): string {
    return this.#socket?.binaryType ?? 'arraybuffer';
  }

  set binaryType(type: BinaryType) {
    if (this.#socket !== null) this.#socket.binaryType = type;
  }

  get readyState(): number {
    return this.#socket?.readyState ?? WebSocket.CLOSED;
  }

  get bufferedAmount(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  addEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void {
    if (this.#socket !== null) {
      this.#socket.addEventListener(type, (event) => listener(event as MessageEvent));
    } else if (type === 'close') queueMicrotask(() => listener({ data: null }));
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    this.#socket?.send(data);
  }

  close(code?: number, reason?: string): void {
    this.#socket?.close(code, reason);
  }
}
