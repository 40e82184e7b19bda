/** Reads a message by the table of `layout.ts`, field by field, and says where each one stands and what it holds. */
import { bodies, type Field, header, part, plainRegular } from './layout.ts';

/** One field that is not made of others. */
export type Row = {
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** As in `accepted.successor.members[1]`. */
  readonly name: string;
  readonly shown: string;
};

export const headerBytes = 36;
const flagNames = ['little endian', 'retransmission', 'packed', 'safe'];
const partBits = ['first', 'last', 'request', 'restart', 'reply'];

/** @throws RangeError where the message ends before a field does */
export function walk(message: Uint8Array): readonly Row[] {
  const walker = new Walker(message);
  for (const field of header) walker.field(field, '');
  walker.body();
  return walker.rows;
}

class Walker {
  readonly rows: Row[] = [];
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#little = (this.#view.getUint8(6) & 1) !== 0;
  }

  body(): void {
    const type = this.#view.getUint8(7);
    const isPacked = (this.#view.getUint8(6) & 4) !== 0;
    if (type === 0 && isPacked) this.#parts();
    else if (type === 0) for (const field of plainRegular) this.field(field, '');
    else if (this.#at < this.#bytes.length) {
      for (const field of bodyOf(type)) this.field(field, '');
    }
    if (this.#at !== this.#bytes.length) throw new RangeError('bytes are left over');
  }

  field({ name, is }: Field, inside: string): void {
    const path = [inside, name].filter((each) => each !== '').join('.');
    switch (is.kind) {
      case 'number':
        this.#row(path, is.width, this.#number(is.width).toString());
        return;
      case 'flag':
        this.#row(path, 1, this.#number(1) === 1n ? 'yes' : 'no');
        return;
      case 'word':
        this.#row(path, 1, is.words[Number(this.#number(1))] ?? '?');
        return;
      case 'processor':
        this.#row(path, 8, processorShown(this.#number(8)));
        return;
      case 'text':
        this.#row(path, 4, Buffer.from(this.#bytes.subarray(this.#at, this.#at + 4)).toString());
        return;
      case 'bits':
        this.#bits(path, inside.startsWith('part') ? partBits : flagNames);
        return;
      case 'length':
        this.#length(path);
        return;
      case 'rest':
        this.#data(path, this.#bytes.length - this.#at);
        return;
      case 'address': {
        const length = Number(this.#number(2));
        this.#row(`${path} length`, 2, `${length}`);
        this.#data(path, length);
        return;
      }
      case 'record':
        for (const each of is.of) this.field(each, path);
        return;
      case 'list': {
        const count = Number(this.#number(2));
        this.#row(`${path} count`, 2, `${count}`);
        for (let i = 0; i < count; i++) for (const each of is.of) this.field(each, `${path}[${i}]`);
        return;
      }
      case 'optional': {
        const isThere = this.#number(1) === 1n;
        this.#row(`${path} is there`, 1, isThere ? 'yes' : 'no');
        if (isThere) for (const each of is.of) this.field(each, path);
        return;
      }
    }
  }

  #parts(): void {
    for (let i = 0; this.#at < this.#bytes.length; i++) {
      const kind = this.#view.getUint8(this.#at);
      for (const field of part.head) this.field(field, `part[${i}]`);
      const length = this.#lengthRead;
      if ((kind & 4) !== 0) for (const field of part.request) this.field(field, `part[${i}]`);
      this.#data(`part[${i}].bytes`, length);
    }
  }

  #lengthRead = 0;

  #length(path: string): void {
    let length = 0;
    let width = 0;
    for (;;) {
      const octet = this.#view.getUint8(this.#at + width);
      length += (octet & 0x7f) * 0x80 ** width;
      width += 1;
      if (octet < 0x80) break;
    }
    this.#lengthRead = length;
    this.#row(path, width, `${length}`);
  }

  #bits(path: string, names: readonly string[]): void {
    const value = this.#view.getUint8(this.#at);
    const set = names.filter((_, bit) => (value & (1 << bit)) !== 0);
    this.#row(path, 1, set.join(', ') || 'none');
  }

  #data(path: string, length: number): void {
    if (length === 0) return;
    const bytes = Buffer.from(this.#bytes.subarray(this.#at, this.#at + length));
    const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
    this.#row(path, length, isText ? JSON.stringify(bytes.toString('latin1')) : `${length} bytes`);
  }

  #number(width: 1 | 2 | 4 | 8): bigint {
    switch (width) {
      case 1:
        return BigInt(this.#view.getUint8(this.#at));
      case 2:
        return BigInt(this.#view.getUint16(this.#at, this.#little));
      case 4:
        return BigInt(this.#view.getUint32(this.#at, this.#little));
      case 8:
        return this.#view.getBigUint64(this.#at, this.#little);
    }
  }

  #row(name: string, width: number, shown: string): void {
    if (this.#at + width > this.#bytes.length) throw new RangeError(`${name} is cut off`);
    const bytes = this.#bytes.slice(this.#at, this.#at + width);
    this.rows.push({ offset: this.#at, bytes, name, shown });
    this.#at += width;
  }
}

function bodyOf(type: number): readonly Field[] {
  const byNumber: readonly (readonly [number, readonly Field[]])[] = [
    [1, bodies.retransmitRequest],
    [2, bodies.heartbeat],
    [3, bodies.connectRequest],
    [4, bodies.connect],
    [5, bodies.addProcessor],
    [6, bodies.removeProcessor],
    [7, bodies.suspect],
    [8, bodies.membership],
    [16, bodies.join],
    [17, bodies.refuse],
    [18, bodies.announce],
    [19, bodies.slice],
  ];
  const found = byNumber.find(([number]) => number === type);
  if (found === undefined) throw new RangeError(`no body has the type ${type}`);
  return found[1];
}

function processorShown(id: bigint): string {
  return `${id >> 32n}.${(id & 0xffff_ffffn).toString(16).padStart(8, '0')}`;
}
