/** Captures in both formats, made for tests. */

export type Captured = {
  readonly linkType?: number;
  readonly bytes: Buffer;
  /** Bytes that it had on the network; more than there are when the capture kept fewer. */
  readonly length?: number;
};

type Form = { readonly little?: boolean; readonly nanoseconds?: boolean };

/** Of the first packet: milliseconds since 1970. Each later one is 1.5 ms later. */
export const firstTime = 1_795_269_687_000;
const stepMicros = 1_500;

export function pcap(packets: readonly Captured[], form: Form = {}): Buffer {
  const { little = true, nanoseconds = false } = form;
  const words = wordsIn(little);
  const parts = [
    words(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4),
    words.halves(2, 4),
    words(0, 0, 262_144, packets[0]?.linkType ?? 1),
  ];
  for (const [index, { bytes, length = bytes.length }] of packets.entries()) {
    const micros = (firstTime % 1_000) * 1_000 + index * stepMicros;
    const fraction = (micros % 1e6) * (nanoseconds ? 1_000 : 1);
    const second = Math.floor(firstTime / 1_000) + Math.floor(micros / 1e6);
    parts.push(words(second, fraction, bytes.length, length), bytes);
  }
  return Buffer.concat(parts);
}

/** With an interface for each kind of link, and a block of comments that has to be passed over. */
export function pcapng(packets: readonly Captured[], form: Form = {}): Buffer {
  const { little = true, nanoseconds = false } = form;
  const words = wordsIn(little);
  const block = (type: number, ...body: Buffer[]): Buffer => {
    const content = Buffer.concat(body);
    const padded = Buffer.concat([content, Buffer.alloc(-content.length & 3)]);
    const length = padded.length + 12;
    return Buffer.concat([words(type, length), padded, words(length)]);
  };
  const links = [...new Set(packets.map(({ linkType = 1 }) => linkType))];
  const unit = nanoseconds ? [words.halves(9, 1), Buffer.from([9, 0, 0, 0])] : [];
  const parts = [
    block(0x0a0d0d0a, words(0x1a2b3c4d), words.halves(1, 0), words(0xffffffff, 0xffffffff)),
    ...links.map((link) => block(1, words.halves(link, 0), words(0), ...unit, words.halves(0, 0))),
    block(0x0bad, Buffer.from('to be passed over')),
  ];
  for (const [index, { linkType = 1, bytes, length = bytes.length }] of packets.entries()) {
    const micros = firstTime * 1_000 + index * stepMicros;
    const units = nanoseconds ? micros * 1_000 : micros;
    const time = words(Math.floor(units / 2 ** 32), units % 2 ** 32);
    parts.push(block(6, words(links.indexOf(linkType)), time, words(bytes.length, length), bytes));
  }
  return Buffer.concat(parts);
}

type Words = {
  (...values: number[]): Buffer;
  readonly halves: (...values: number[]) => Buffer;
};

function wordsIn(little: boolean): Words {
  const make =
    (width: 2 | 4) =>
    (...values: number[]): Buffer => {
      const bytes = Buffer.alloc(width * values.length);
      for (const [index, value] of values.entries()) {
        if (little) bytes.writeUIntLE(value, index * width, width);
        else bytes.writeUIntBE(value, index * width, width);
      }
      return bytes;
    };
  return Object.assign(make(4), { halves: make(2) });
}
