/** Captures that are damaged give what is whole, and a code. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CaptureError } from '../../src/capture/capture-error.ts';
import { datagramsOf, noRemainder } from '../../src/capture/datagrams.ts';
import { packetsOf } from '../../src/capture/packets.ts';
import { pcap, pcapng } from './capture-file.ts';
import { ethernet, fragments, internet, udp, way, wayOfSix } from './packets.ts';
import { inPieces, readAll } from './reading.ts';

const bytes = ethernet(internet(way, udp(way, Buffer.from('hello'))));
const codeOf = (capture: Buffer) =>
  readAll(capture).then(
    () => 'read',
    (error: unknown) => (error instanceof CaptureError ? error.code : error),
  );

function changed(capture: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(capture);
  copy.writeUInt32LE(value, at);
  return copy;
}

test.each([
  ['nothing', Buffer.alloc(0), 'NOT_A_CAPTURE'],
  ['two bytes', Buffer.alloc(2), 'NOT_A_CAPTURE'],
  ['a text', Buffer.from('a text is no capture'), 'NOT_A_CAPTURE'],
  ['a header of pcap that is cut off', pcap([]).subarray(0, 20), 'CUT_OFF'],
  ['pcap without a packet', pcap([]), 'read'],
  ['pcap that ends within a packet', pcap([{ bytes }]).subarray(0, -1), 'CUT_OFF'],
  ['pcap that ends within the head of a packet', pcap([{ bytes }]).subarray(0, 30), 'CUT_OFF'],
  ['a packet of 2 GiB in pcap', changed(pcap([{ bytes }]), 32, 2 ** 31), 'DAMAGED'],
  ['pcapng without a packet', pcapng([]), 'read'],
  ['pcapng that ends within a block', pcapng([{ bytes }]).subarray(0, -1), 'CUT_OFF'],
  ['a section without its byte order', changed(pcapng([{ bytes }]), 8, 7), 'DAMAGED'],
  ['a block of 2 GiB', changed(pcapng([{ bytes }]), 32, 2 ** 31), 'DAMAGED'],
  ['a block whose lengths differ', changed(pcapng([]), 56, 24), 'DAMAGED'],
  ['a packet of an interface that is not there', changed(pcapng([{ bytes }]), 92, 5), 'DAMAGED'],
])('%s', async (_, capture, code) => {
  expect(await codeOf(capture)).toBe(code);
});

test('what comes before the damage is read', async () => {
  const whole = pcap([{ bytes }, { bytes }, { bytes }]);
  const found: unknown[] = [];
  const packets = packetsOf(inPieces(whole.subarray(0, -5), 100));
  const reading = async () => {
    for await (const each of datagramsOf(packets, noRemainder())) found.push(each);
  };
  await expect(reading()).rejects.toMatchObject({ code: 'CUT_OFF' });
  expect(found).toHaveLength(2);
});

test('whatever the bytes are, there are datagrams or a code', async () => {
  const six = fragments(wayOfSix, udp(wayOfSix, Buffer.alloc(3_000)), 9, 1_000);
  const packets = [bytes, ...six.map(ethernet), bytes].map((each) => ({ bytes: each }));
  const captures = [pcap(packets), pcapng(packets), pcapng(packets, { little: false })];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...captures),
      fc.array(fc.tuple(fc.nat(4_000), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      async (capture, changes) => {
        const copy = Buffer.from(capture);
        for (const [at, value] of changes) copy[at % copy.length] = value;
        expect(['read', 'NOT_A_CAPTURE', 'CUT_OFF', 'DAMAGED']).toContain(await codeOf(copy));
      },
    ),
    { numRuns: 3_000 },
  );
});
