/** A hash over messages in the order of their delivery, and how many they are. */

const countBytes = 8;
const stateBytes = 16;

export class Order {
  #count = 0;
  #high = 0x811c9dc5;
  #low = 0x01000193;

  get count(): number {
    return this.#count;
  }

  /** 16 hexadecimal digits. */
  get hash(): string {
    return `${hexadecimal(this.#high)}${hexadecimal(this.#low)}`;
  }

  /**
   * @param sender any whole number below 2^32 that tells it from others, the same at every node
   * @param message its first eight bytes count
   */
  add(sender: number, message: DataView): void {
    this.#count += 1;
    this.#high = Math.imul(this.#high ^ message.getUint32(0) ^ sender, 0x01000193);
    this.#high ^= this.#low >>> 15;
    this.#low = Math.imul(this.#low ^ message.getUint32(4), 0x85ebca6b) ^ (this.#high >>> 13);
  }

  /** For another one to go on from here. */
  get state(): Uint8Array {
    const state = new DataView(new ArrayBuffer(stateBytes));
    state.setFloat64(0, this.#count);
    state.setInt32(countBytes, this.#high);
    state.setInt32(countBytes + 4, this.#low);
    return new Uint8Array(state.buffer);
  }

  /** @throws RangeError when these bytes are too few */
  restore(bytes: Uint8Array): void {
    const state = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#count = state.getFloat64(0);
    this.#high = state.getInt32(countBytes);
    this.#low = state.getInt32(countBytes + 4);
  }
}

function hexadecimal(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
