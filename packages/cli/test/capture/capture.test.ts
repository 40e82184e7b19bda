/** Captures of every kind give the datagrams that are in them. */
import { describe, expect, test } from 'vitest';
import { firstTime, pcap, pcapng } from './capture-file.ts';
import { ethernet, fragments, internet, links, udp, way, wayOfSix } from './packets.ts';
import { readAll } from './reading.ts';

const hello = Buffer.from('hello');
const formats = [
  ['pcap', pcap],
  ['pcapng', pcapng],
] as const;
const forms = [
  { little: true, nanoseconds: false },
  { little: false, nanoseconds: false },
  { little: true, nanoseconds: true },
  { little: false, nanoseconds: true },
];

describe.each(formats)('%s', (_, capture) => {
  test.each(forms)('little endian $little, nanoseconds $nanoseconds', async (form) => {
    const packets = ['one', 'two'].map((text) => ({
      bytes: ethernet(internet(way, udp(way, Buffer.from(text)))),
    }));
    const { datagrams } = await readAll(capture(packets, form));
    expect(datagrams.map(({ bytes }) => bytes.toString())).toEqual(['one', 'two']);
    expect(datagrams.map(({ frame }) => frame)).toEqual([1, 2]);
    const times = datagrams.map(({ time }) => time ?? 0);
    expect(times[0]).toBeCloseTo(firstTime, 2);
    expect(times[1]).toBeCloseTo(firstTime + 1.5, 2);
  });

  test.each(links)('on %s', async (_name, linkType, frame) => {
    const bytes = frame(internet(way, udp(way, hello)));
    const ofSix = frame(internet(wayOfSix, udp(wayOfSix, hello)));
    const { datagrams } = await readAll(
      capture([bytes, ofSix].map((each) => ({ linkType, bytes: each }))),
    );
    expect(datagrams.map(({ from, to }) => [from, to])).toEqual([
      [
        { address: '10.0.0.1', port: 4001 },
        { address: '239.1.2.3', port: 7400 },
      ],
      [
        { address: 'fe80::1:0:0:2', port: 4001 },
        { address: 'ff02::5', port: 7400 },
      ],
    ]);
    expect(datagrams.every(({ bytes: data }) => data.equals(hello))).toBe(true);
  });

  test('however it comes in pieces', async () => {
    const bytes = ethernet(internet(way, udp(way, hello)));
    const whole = capture([{ bytes }, { bytes }]);
    for (const size of [1, 7, 100]) expect((await readAll(whole, size)).datagrams).toHaveLength(2);
  });

  test('what is no UDP, and links that are not known, are counted', async () => {
    const bytes = ethernet(internet(way, udp(way, hello)));
    const tcp = Buffer.from(bytes);
    tcp[14 + 9] = 6;
    const { datagrams, remainder } = await readAll(
      capture([{ bytes }, { bytes: tcp }, { bytes: Buffer.alloc(3) }]),
    );
    expect(datagrams).toHaveLength(1);
    expect(remainder).toMatchObject({ packets: 3, others: 2 });
    const unknown = await readAll(capture([{ linkType: 147, bytes }]));
    expect([...unknown.remainder.links]).toEqual([[147, 1]]);
  });

  test('bytes that were not captured are told', async () => {
    const packet = ethernet(internet(way, udp(way, Buffer.alloc(500))));
    const bytes = packet.subarray(0, 142);
    const { datagrams } = await readAll(capture([{ bytes, length: packet.length }]));
    expect(datagrams.map(({ bytes: data, missing }) => [data.length, missing])).toEqual([
      [100, 400],
    ]);
  });
});

test('links of several kinds in one capture', async () => {
  const packets = links.map(([, linkType, frame]) => ({
    linkType,
    bytes: frame(internet(way, udp(way, hello))),
  }));
  expect((await readAll(pcapng(packets))).datagrams).toHaveLength(links.length);
});

test('sections one behind the other, in different byte orders', async () => {
  const packets = [{ bytes: ethernet(internet(way, udp(way, hello))) }];
  const both = [pcapng(packets), pcapng(packets, { little: false })];
  expect((await readAll(Buffer.concat(both))).datagrams).toHaveLength(2);
});

test.each([
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ['fe80::a:b', 'fe80::a:b'],
])('the address %s is written %s', async (from, written) => {
  const path = { ...wayOfSix, from };
  const { datagrams } = await readAll(
    pcap([{ linkType: 101, bytes: internet(path, udp(path, hello)) }]),
  );
  expect(datagrams[0]?.from.address).toBe(written);
});

describe.each([
  ['IPv4', way],
  ['IPv6', wayOfSix],
])('fragments of %s', (_, path) => {
  const data = Buffer.from(Array.from({ length: 3_000 }, (__, index) => index % 251));
  const pieces = fragments(path, udp(path, data), 77, 1_000);
  const read = (packets: readonly Buffer[]) =>
    readAll(pcap(packets.map((packet) => ({ linkType: 101, bytes: packet }))));
  const [first, second, third, fourth] = pieces;
  if (!first || !second || !third || !fourth) throw new Error('four pieces are needed');

  test.each([
    ['in order', [first, second, third, fourth]],
    ['the other way round', [fourth, third, second, first]],
    ['some of them twice', [second, first, second, fourth, fourth, third]],
  ])('%s', async (__, packets) => {
    const { datagrams } = await read(packets);
    expect(datagrams.map(({ bytes }) => bytes.equals(data))).toEqual([true]);
    expect(datagrams[0]?.frame).toBe(packets.length);
  });

  test('two datagrams at a time', async () => {
    const others = fragments(path, udp(path, Buffer.from(data).reverse()), 78, 1_000);
    const mixed = pieces.flatMap((piece, index) => [piece, others[index] ?? piece]);
    expect((await read(mixed)).datagrams).toHaveLength(2);
  });

  test('one that is missing', async () => {
    const { datagrams, remainder } = await read([first, second, fourth]);
    expect(datagrams).toEqual([]);
    expect(remainder.incomplete).toBe(1);
  });

  test('those that overlap give nothing', async () => {
    const forged = internet(path, Buffer.alloc(800), { id: 77, offset: 1_200, isLast: false });
    const { datagrams, remainder } = await read([first, forged, second, third, fourth]);
    expect(datagrams).toEqual([]);
    expect(remainder.incomplete).toBe(1);
  });

  test('only so many are waited for', async () => {
    const begun = Array.from({ length: 1_000 }, (__, id) =>
      internet(path, Buffer.alloc(8), { id, offset: 0, isLast: false }),
    );
    expect((await read(begun)).remainder.incomplete).toBe(1_000);
    // The first was given up for later ones.
    const late = internet(path, Buffer.alloc(8), { id: 0, offset: 8, isLast: true });
    const last = internet(path, Buffer.alloc(8), { id: 999, offset: 8, isLast: true });
    expect((await read([...begun, late, last])).datagrams).toHaveLength(1);
  });
});
