/**
 * What a service begins with whose state no member has: all requests that were taken since the beginning, in their order, also those of connections that were
 * closed, since a server that lives went through them, too (B4). It is over with the first reply, whose request a service that begins then would not have
 * gone through; or when more of it is of closed connections than is kept.
 */
import { bytesOf } from './connection-limits.ts';
import type { ServiceRequest } from './service.ts';

export class Beginning {
  readonly #closedBytesMax: number;
  /** Null when it is over. */
  #requests: ServiceRequest[] | null = [];
  /** Of those among them whose connection was closed. */
  #closedBytes = 0;

  constructor(closedBytesMax: number) {
    this.#closedBytesMax = closedBytesMax;
  }

  /** In the order in which they were taken; null when it is over. */
  get requests(): readonly ServiceRequest[] | null {
    return this.#requests;
  }

  take(request: ServiceRequest): void {
    this.#requests?.push(request);
  }

  /** Takes one whose connection is closed already. @returns false when the beginning is over, and has none */
  takeClosed(request: ServiceRequest): boolean {
    this.take(request);
    this.#closedBytes += bytesOf(request);
    return this.#requests !== null;
  }

  /** A connection was closed, of which these were taken. */
  closed(requests: readonly ServiceRequest[]): void {
    if (this.#requests === null) return;
    for (const request of requests) this.#closedBytes += bytesOf(request);
    if (this.#closedBytes > this.#closedBytesMax) this.end();
  }

  end(): void {
    this.#requests = null;
    this.#closedBytes = 0;
  }

  /** Nothing was taken. */
  clear(): void {
    this.#requests = [];
    this.#closedBytes = 0;
  }
}
