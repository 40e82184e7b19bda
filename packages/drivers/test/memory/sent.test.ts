/** What becomes of the memory of datagrams that have gone out. */
import { checked, defaultSettings, groupId } from '@choir/ftmp';
import { expect, test } from 'vitest';
import { parcelHead, readParcel } from '../../src/line/parcel.ts';
import { ProcessorDriver } from '../../src/processor/driver.ts';
import { HandoverWriter } from '../../src/processor/handover.ts';
import { AddressBook } from '../../src/udp/address-book.ts';
import type { Network } from '../../src/udp/network.ts';

const group = groupId(1);
const own = { address: '127.0.0.1', port: 1 };
const traffic = {
  receivedDatagrams: 0,
  receivedBytes: 0,
  sentDatagrams: 0,
  sentBytes: 0,
  sendErrors: new Map<string, number>(),
};

/** The datagram with a long message that a processor sends, when so many wait in its socket. */
async function sent(waiting: number): Promise<Uint8Array> {
  const gone = Promise.withResolvers<Uint8Array>();
  const network: Network = {
    own,
    book: new AddressBook(own, []),
    sockets: [{ ...traffic, waiting }],
    receiveBytes: 4 * 1024 ** 2,
    send: (_group, _to, datagram) => {
      if (datagram.length > 10_000) gone.resolve(datagram);
    },
    sendTo: () => {},
    close: async () => {},
  };
  const gate = {
    ...checked,
    arrive: () => {},
    ready: () => {},
    renew: () => {},
    refused: new Map(),
  };
  const options = {
    network: { kind: 'unicast', host: own.address },
    keys: null,
    settings: defaultSettings,
    processorNumber: 1,
    rejoin: false,
    stalledMs: 1_000,
    trace: null,
    progress: new SharedArrayBuffer(4),
  } as const;
  const application = { post: () => {}, put: () => true };
  const driver = new ProcessorDriver({ options, network, gate, application, recording: null });
  driver.join(group, true);
  const handover = new HandoverWriter();
  handover.add(group, new Uint8Array(10_000), false);
  driver.work(readParcel(new Uint8Array([...parcelHead([]), ...handover.take()])));
  const datagram = await gone.promise;
  await driver.close();
  return datagram;
}

test('G1 a datagram that has gone out is given back', async () => {
  expect(await sent(0)).toHaveLength(0);
});

test('G1 a datagram that may wait in the socket is not given back', async () => {
  const datagram = await sent(1);
  expect(datagram.length).toBeGreaterThan(10_000);
});
