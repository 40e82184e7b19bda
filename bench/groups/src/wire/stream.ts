/** A TCP connection whose bytes are parsed where they arrive: one buffer for all of the process. */
import { connect, type Socket } from 'node:net';

const shared = Buffer.allocUnsafe(256 * 1024);

/** Takes what is complete and returns how many bytes that was; the rest comes again with more. */
export type Take = (bytes: Buffer, length: number) => number;

export class Stream {
  readonly #socket: Socket;
  #take: Take;
  #rest: Buffer | null = null;

  private constructor(socket: Socket, take: Take) {
    this.#socket = socket;
    this.#take = take;
  }

  static connect(port: number, take: Take, onEnd: (why: string) => void): Promise<Stream> {
    return new Promise((resolve, reject) => {
      let stream: Stream | null = null;
      const socket = connect({
        port,
        host: '127.0.0.1',
        noDelay: true,
        onread: {
          buffer: shared,
          callback: (count) => {
            stream?.received(count);
            return true;
          },
        },
      });
      stream = new Stream(socket, take);
      const made = stream;
      socket.once('connect', () => resolve(made));
      socket.on('error', (error) => {
        reject(error);
        onEnd(error.message);
      });
      socket.on('close', () => onEnd('the server closed the connection'));
    });
  }

  received(count: number): void {
    const all = this.#rest === null ? shared.subarray(0, count) : this.#joined(this.#rest, count);
    const taken = this.#take(all, all.length);
    // A copy: the shared buffer is the next one's.
    this.#rest = taken === all.length ? null : Buffer.from(all.subarray(taken));
  }

  become(take: Take): void {
    this.#take = take;
  }

  write(bytes: Buffer | string): void {
    this.#socket.write(bytes);
  }

  pause(): void {
    this.#socket.pause();
  }

  destroy(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.removeAllListeners('error');
    this.#socket.on('error', () => {});
    this.#socket.destroy();
  }

  #joined(rest: Buffer, count: number): Buffer {
    const all = Buffer.allocUnsafe(rest.length + count);
    rest.copy(all, 0);
    shared.copy(all, rest.length, 0, count);
    return all;
  }
}
