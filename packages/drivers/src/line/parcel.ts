/**
 * What goes over the line most often, as bytes: messages one way, deliveries the other way, and with both how much room there is.
 * 32 bits number of amounts; each group, messages and bytes of 64 bits; the rest is the messages or deliveries. Both ends are of one process,
 * so nothing is checked.
 */
import type { GroupId } from '@choir/ftmp';
import type { Amount } from '../processor/thread-message.ts';

export type Parcel = {
  readonly amounts: readonly Amount[];
  readonly bytes: Uint8Array<ArrayBuffer>;
};

const countBytes = 4;
const amountBytes = 24;

/** What comes before the bytes. */
export function parcelHead(amounts: readonly Amount[]): Uint8Array {
  const head = new Uint8Array(countBytes + amounts.length * amountBytes);
  const view = new DataView(head.buffer);
  view.setUint32(0, amounts.length);
  for (const [at, { group, messages, bytes }] of amounts.entries()) {
    const start = countBytes + at * amountBytes;
    view.setFloat64(start, group);
    view.setFloat64(start + 8, messages);
    view.setFloat64(start + 16, bytes);
  }
  return head;
}

export function readParcel(packed: Uint8Array<ArrayBuffer>): Parcel {
  const view = new DataView(packed.buffer);
  const count = view.getUint32(0);
  const amounts = Array.from({ length: count }, (_, at) => {
    const start = countBytes + at * amountBytes;
    const group = view.getFloat64(start) as GroupId;
    return { group, messages: view.getFloat64(start + 8), bytes: view.getFloat64(start + 16) };
  });
  return { amounts, bytes: packed.subarray(countBytes + count * amountBytes) };
}
