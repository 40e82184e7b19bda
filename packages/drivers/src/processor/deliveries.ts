/**
 * Deliveries on their way from the thread to the application, all of a turn in one buffer: 32 bits group, 32 bits four times the
 * length plus 1 when safe and 2 when transitional, 64 bits each of sender and timestamp, the bytes.
 */
import type { EffectOf, GroupId, ProcessorId } from '@choir/ftmp';

const headBytes = 24;

type Deliver = EffectOf<'deliver'>;

export type Delivery = {
  readonly group: GroupId;
  readonly sender: ProcessorId;
  readonly timestamp: number;
  readonly safe: boolean;
  readonly transitional: boolean;
  /** A view of what a turn delivered: copy what is to be kept long. */
  readonly bytes: Uint8Array;
};

export function packDeliveries(
  effects: readonly Deliver[],
  messageBytes: number,
): Uint8Array<ArrayBuffer> {
  const packed = Buffer.allocUnsafeSlow(effects.length * headBytes + messageBytes);
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const { group, sender, timestamp, safe, transitional, bytes } of effects) {
    const word = bytes.length * 4 + (transitional ? 2 : 0) + (safe ? 1 : 0);
    view.setUint32(at, group);
    view.setUint32(at + 4, word);
    view.setFloat64(at + 8, sender);
    view.setFloat64(at + 16, timestamp);
    packed.set(bytes, at + headBytes);
    at += headBytes + bytes.length;
  }
  return packed;
}

export class DeliveryReader {
  readonly #packed: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(packed: Uint8Array) {
    this.#packed = packed;
    this.#view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  }

  /** The next; null behind the last. */
  next(): Delivery | null {
    const at = this.#at;
    if (at >= this.#packed.length) return null;
    const word = this.#view.getUint32(at + 4);
    const bytes = this.#packed.subarray(at + headBytes, at + headBytes + (word >>> 2));
    this.#at = at + headBytes + bytes.length;
    return {
      // Written by the thread from values of these types.
      group: this.#view.getUint32(at) as GroupId,
      sender: this.#view.getFloat64(at + 8) as ProcessorId,
      timestamp: this.#view.getFloat64(at + 16),
      safe: (word & 1) === 1,
      transitional: (word & 2) === 2,
      bytes,
    };
  }
}
