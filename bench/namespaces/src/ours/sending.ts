/** How a node of ours sends a load. */
import type { Load } from '../load.ts';
import { writeHead } from '../message-head.ts';

export type Sending = {
  readonly load: Pick<Load, 'payloadBytes' | 'ratePerSecond' | 'seconds' | 'warmUpSeconds'>;
  /** Hands a message over; resolves when there was room for it. */
  readonly send: (bytes: Uint8Array) => Promise<void>;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
};

/** @returns how many it sent, without the last */
export async function sendAll({ load, send, signal }: Sending): Promise<number> {
  const bytes = new Uint8Array(load.payloadBytes);
  const head = new DataView(bytes.buffer);
  const startMs = performance.now();
  const endMs = startMs + (load.seconds + load.warmUpSeconds) * 1_000;
  let sent = 0;
  while (performance.now() < endMs && signal?.aborted !== true) {
    if (load.ratePerSecond > 0) await until(startMs + (sent * 1_000) / load.ratePerSecond);
    writeHead(head, false);
    await send(bytes);
    sent += 1;
  }
  writeHead(head, true);
  await send(bytes);
  return sent;
}

function until(atMs: number): Promise<void> {
  const delayMs = atMs - performance.now();
  return new Promise((resolve) => {
    if (delayMs <= 0) setImmediate(resolve);
    else setTimeout(resolve, delayMs);
  });
}
