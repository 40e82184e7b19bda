/**
 * Captures as Wireshark writes them (pcapng): blocks, each with its type and its length. A section says its byte order;
 * its interfaces say their link type and the unit of their times. Blocks that are not about packets are passed over.
 */
import type { ByteSource } from './byte-source.ts';
import { CaptureError } from './capture-error.ts';
import { type Packet, packetBytesMax } from './packet.ts';

export const sectionBlock = 0x0a0d0d0a;
const blocks = { interface: 1, oldPacket: 2, simplePacket: 3, packet: 6 } as const;
const byteOrderMagic = 0x1a2b3c4d;
const blockBytesMax = 16 * packetBytesMax;
const interfacesMax = 1_000;
const options = { end: 0, timeUnit: 9, timeOffset: 14 } as const;

type Interface = {
  readonly linkType: number;
  /** Bytes of a packet that were kept at most; 0 for all. */
  readonly kept: number;
  /** Of the times of its packets, in one second. */
  readonly unitsPerSecond: number;
  /** Seconds that are added to its times. */
  readonly offset: number;
};

/** A block, without its type and its two lengths. */
type Block = { readonly type: number; readonly body: Buffer };

/** The packets of a capture of which the first four bytes have been taken. */
export async function* pcapngPackets(source: ByteSource): AsyncGenerator<Packet> {
  const section = new Section(source);
  for (
    let block: Block | null = await section.begin();
    block !== null;
    block = await section.next()
  ) {
    const packet = section.packetIn(block);
    if (packet !== null) yield packet;
  }
}

class Section {
  readonly #source: ByteSource;
  #little = false;
  #interfaces: Interface[] = [];

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** The block that begins a section, behind its type. */
  async begin(): Promise<Block> {
    const head = await this.#take(8);
    this.#little = head.readUInt32LE(4) === byteOrderMagic;
    if (!this.#little && head.readUInt32BE(4) !== byteOrderMagic) {
      throw new CaptureError('DAMAGED', 'a section does not say its byte order');
    }
    this.#interfaces = [];
    await this.#take(this.#restOf(this.#u32(head, 0)) - 4);
    return { type: sectionBlock, body: Buffer.alloc(0) };
  }

  async next(): Promise<Block | null> {
    const head = await this.#source.take(4);
    if (head === null) return null;
    const type = this.#u32(head, 0);
    if (type === sectionBlock) return this.begin();
    const length = this.#u32(await this.#take(4), 0);
    const rest = await this.#take(this.#restOf(length));
    if (this.#u32(rest, rest.length - 4) !== length) {
      throw new CaptureError('DAMAGED', 'the two lengths of a block differ');
    }
    return { type, body: rest.subarray(0, -4) };
  }

  packetIn({ type, body }: Block): Packet | null {
    switch (type) {
      case blocks.interface:
        this.#addInterface(body);
        return null;
      case blocks.packet: {
        const units = this.#u32(body, 4) * 2 ** 32 + this.#u32(body, 8);
        return this.#packet(this.#u32(body, 0), {
          units,
          length: this.#u32(body, 12),
          body,
          at: 20,
        });
      }
      case blocks.oldPacket: {
        const units = this.#u32(body, 4) * 2 ** 32 + this.#u32(body, 8);
        return this.#packet(this.#u16(body, 0), {
          units,
          length: this.#u32(body, 12),
          body,
          at: 20,
        });
      }
      case blocks.simplePacket: {
        const kept = this.#interfaces[0]?.kept ?? 0;
        const whole = this.#u32(body, 0);
        const length = kept === 0 ? whole : Math.min(whole, kept);
        return this.#packet(0, { units: null, length, body, at: 4 });
      }
      default:
        return null;
    }
  }

  #packet(
    index: number,
    { units, length, body, at }: { units: number | null; length: number; body: Buffer; at: number },
  ): Packet {
    const found = this.#interfaces[index];
    if (found === undefined) {
      throw new CaptureError('DAMAGED', 'a packet is of an interface that is not described');
    }
    if (at + length > body.length) throw new CaptureError('DAMAGED', 'a packet exceeds its block');
    const { linkType, unitsPerSecond, offset } = found;
    const time = units === null ? null : (units / unitsPerSecond + offset) * 1_000;
    return { time, linkType, bytes: body.subarray(at, at + length) };
  }

  #addInterface(body: Buffer): void {
    if (this.#interfaces.length >= interfacesMax) {
      throw new CaptureError('DAMAGED', `it has more than ${interfacesMax} interfaces`);
    }
    const [linkType, kept] = [this.#u16(body, 0), this.#u32(body, 4)];
    let unitsPerSecond = 1e6;
    let offset = 0;
    for (let at = 8; at + 4 <= body.length; ) {
      const [code, length] = [this.#u16(body, at), this.#u16(body, at + 2)];
      if (code === options.end) break;
      const value = body.subarray(at + 4, at + 4 + length);
      const unit = value[0] ?? 6;
      if (code === options.timeUnit) {
        unitsPerSecond = (unit & 0x80) === 0 ? 10 ** unit : 2 ** (unit & 0x7f);
      } else if (code === options.timeOffset && value.length >= 8) {
        offset = Number(this.#little ? value.readBigInt64LE() : value.readBigInt64BE());
      }
      at += 4 + length + (-length & 3);
    }
    this.#interfaces.push({ linkType, kept, unitsPerSecond, offset });
  }

  /** What of a block follows its type and its first length. */
  #restOf(length: number): number {
    if (length < 12 || length > blockBytesMax || length % 4 !== 0) {
      throw new CaptureError('DAMAGED', `a block claims to have ${length} bytes`);
    }
    return length - 8;
  }

  async #take(count: number): Promise<Buffer> {
    const bytes = await this.#source.take(count);
    if (bytes === null) throw new CaptureError('CUT_OFF', 'it ends within a block');
    return bytes;
  }

  #u16(bytes: Buffer, at: number): number {
    if (at + 2 > bytes.length) throw new CaptureError('DAMAGED', 'a block is too short');
    return this.#little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }

  #u32(bytes: Buffer, at: number): number {
    if (at + 4 > bytes.length) throw new CaptureError('DAMAGED', 'a block is too short');
    return this.#little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }
}
