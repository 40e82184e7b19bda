/**
 * npm run speed -w @choir/protocol: how long encoding and decoding take. All kinds of messages are
 * encoded and decoded first, so that the figures are those of a server with mixed traffic.
 */
import { performance } from 'node:perf_hooks';
import { fromBase64, Reader, toBase64 } from '@choir/bytes';
import {
  type ClientId,
  decodeFrame,
  decodeJsonFrame,
  encodeJsonMessage,
  encodeMessage,
  type FromServer,
  fromServer,
  type GroupName,
  joinMessages,
  limits,
  localId,
} from '../src/index.ts';
import { tables } from './tables.ts';
import { fromJson, vectorsOf } from './vectors.ts';

const rounds = 7;
const millisecondsPerRound = 150;

type Cost = { readonly wall: number; readonly processor: number };

/** The median round, in microseconds for one call. */
function measure(call: () => unknown): Cost {
  const costs: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    const used = process.cpuUsage();
    let calls = 0;
    while (performance.now() - begin < millisecondsPerRound) {
      for (let i = 0; i < 100; i++) call();
      calls += 100;
    }
    const { user, system } = process.cpuUsage(used);
    const wall = ((performance.now() - begin) * 1_000) / calls;
    costs.push({ wall, processor: (user + system) / calls });
  }
  const median = (which: keyof Cost) =>
    costs.map((cost) => cost[which]).toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
  return { wall: median('wall'), processor: median('processor') };
}

/** Processor time beside wall time: on a busy machine only the first means something. */
function report(what: string, call: () => unknown): void {
  const { wall, processor } = measure(call);
  const figures = [wall, processor].map((each) => each.toFixed(2).padStart(10)).join('');
  console.log(what.padEnd(48) + figures);
}

function bcast(dataBytes: number): FromServer {
  return {
    kind: 'delivery',
    group: 'team/board' as GroupName,
    at: { epoch: 3, seq: 1_234_567 },
    time: 1_790_000_000_000,
    events: [
      {
        kind: 'bcast',
        senderId: 'c-7f3a9b10' as ClientId,
        localId: localId(4_711),
        exclusive: false,
        data: new Uint8Array(dataBytes).fill(0x61),
      },
    ],
  };
}

function mixedTraffic(): void {
  for (const table of tables) {
    const { codec } = table;
    for (const { json } of vectorsOf(table)) {
      const value = fromJson(codec, json);
      for (let i = 0; i < 500; i++) codec.read(new Reader(encodeMessage(codec, value), 1));
    }
  }
}

mixedTraffic();
console.log(`${'microseconds for one call'.padEnd(48)}      wall processor`);
for (const dataBytes of [60, 1_000, 100_000]) {
  const message = bcast(dataBytes);
  const binary = encodeMessage(fromServer, message);
  const json = encodeJsonMessage(fromServer, message);
  const size = `delivery of ${binary.length} bytes`;
  report(`encode a ${size}`, () => encodeMessage(fromServer, message));
  report(`decode a ${size}`, () => decodeFrame(fromServer, binary, limits.frameBytes));
  report(`encode a ${size} as JSON`, () => encodeJsonMessage(fromServer, message));
  report(`decode a ${size} from JSON`, () => decodeJsonFrame(fromServer, json, limits.frameBytes));
}
const batch = joinMessages(Array(100).fill(encodeMessage(fromServer, bcast(60))));
report('decode a frame of 100 small deliveries', () =>
  decodeFrame(fromServer, batch, limits.frameBytes),
);
const payload = new Uint8Array(limits.messageBytes).fill(0x80);
const base64 = toBase64(payload);
report('write 1 MiB as base64', () => toBase64(payload));
report('read 1 MiB of base64', () => fromBase64(base64));
