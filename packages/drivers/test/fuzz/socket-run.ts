// Attacks two groups of real processors through their sockets: outsiders one whose datagrams are protected, strangers one that
// they can speak to. Nothing may end or grow, and neither group may be disturbed. Liars inside, who may break a group, are met in
// virtual time only.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Random } from '@choir/testkit';
import { KeyRing } from '../../src/envelope/key-ring.ts';
import { OpenGate } from '../../src/envelope/open-gate.ts';
import { SealedGate } from '../../src/envelope/sealed-gate.ts';
import { encodeDestination } from '../../src/udp/destination.ts';
import { lasts } from '../fault-test/clock.ts';
import { outsiders, strangers } from './attacks.ts';
import type { FuzzPlan, FuzzResult } from './fuzz-run.ts';
import { heapNow } from './heap.ts';
import { listed } from './recent.ts';
import { SocketGroup } from './socket-group.ts';
import { ThreadHeaps } from './thread-heaps.ts';

export type SocketPlan = FuzzPlan & {
  /** So many are sent in a second, to all processors together, so that the queues of the system hold them. */
  readonly perSecond: number;
};

export type SocketResult = Omit<FuzzResult, 'broken'> & {
  /** Of what was sent, the share that the processors have received. */
  readonly arrived: number;
  /** Messages of the groups themselves, and how many of these were delivered to all. */
  readonly sent: number;
  /** Datagrams that came back to the attacker. */
  readonly answers: number;
  /** Datagrams that came where Joins said that their senders are. */
  readonly misled: number;
};

const stages = 12;
const everyMs = 2;
/** What was not sent in time for longer than this is not made good: a burst would be lost in the queues. */
const lateMaxMs = 10;
const lookEveryMs = 250;
/** Fewer, and it is not known what the processors met. */
const arrivedMin = 0.9;
const host = '127.0.0.1';
/** Of the strangers' Joins, those for which they are added: each holds the order up until it is suspected. */
const comingShare = 0.002;

export async function socketRun(plan: SocketPlan): Promise<SocketResult> {
  const { datagrams, seed, perSecond, onStage } = plan;
  const random = new Random(`fuzz ftmp sockets ${seed}`);
  const key = () => ({ id: 1, key: random.bytes(32) });
  const nowhere = { pass: () => {}, reply: () => {} };
  const wrongKey = new SealedGate(nowhere, new KeyRing([key()]), () => performance.now());
  const seal = new OpenGate(nowhere);
  const heaps = new ThreadHeaps();
  const groups = {
    outsider: await SocketGroup.open(random.fork('outsider'), [key()]),
    stranger: await SocketGroup.open(random.fork('stranger'), null),
  };
  const all = Object.entries(groups);
  const attacker = createSocket('udp4');
  let answers = 0;
  attacker.on('message', () => {
    answers += 1;
  });
  attacker.bind(0, host);
  await once(attacker, 'listening');
  const elsewhere = createSocket('udp4');
  let misled = 0;
  elsewhere.on('message', () => {
    misled += 1;
  });
  elsewhere.bind(0, host);
  await once(elsewhere, 'listening');
  // The only place to which anything is sent because of what is thrown.
  const addresses = [encodeDestination({ address: host, port: elsewhere.address().port })];
  let came = 0;

  const attacks = new Map<string, number>();
  const refused = new Map<string, number>();
  const failures: string[] = [];
  const stageOf = Math.ceil(datagrams / stages);
  const before = await foreign();
  await heaps.look();
  const heapBytes = [heapNow() + heaps.take()];
  let at = performance.now();
  let looked = at;
  let due = 0;
  let n = 0;
  while (n < datagrams && all.every(([, { failures }]) => failures.length === 0)) {
    const now = performance.now();
    due = Math.min(datagrams, due + (Math.min(lateMaxMs, now - at) * perSecond) / 1_000);
    at = now;
    for (; n < due; n += 1) {
      throwOne();
      if ((n + 1) % stageOf !== 0) continue;
      await heaps.look();
      heapBytes.push(heapNow() + heaps.take());
      onStage?.(n + 1, heapBytes.at(-1) ?? 0);
    }
    await lasts(everyMs);
    if (performance.now() - looked < lookEveryMs) continue;
    looked = performance.now();
    await heaps.look();
    for (const [who, group] of all) {
      const busy = await group.busy();
      if (busy === null) continue;
      const problem = `a processor of the group of ${who}s is busy without end, perhaps with one of`;
      // Nothing more can be had of its thread.
      return { ...figures(), failures: [`${problem}\n${listed(busy.thrown)}`], arrived: 0 };
    }
  }
  for (const [, group] of all) await group.settle();
  const arrived = ((await foreign()) - before) / n;
  if (n === datagrams && arrived < arrivedMin) {
    failures.push(`only ${(100 * arrived).toFixed(0)} % arrived: send fewer a second`);
  }
  for (const [who, group] of all) {
    for (const failure of group.failures) failures.push(`the group of ${who}s: ${failure}`);
    for (const { statistics } of await group.counted()) {
      for (const [reason, count] of statistics.refused) {
        refused.set(`${who}: ${reason}`, (refused.get(`${who}: ${reason}`) ?? 0) + count);
      }
    }
  }
  for (const [, group] of all) await group.close();
  attacker.close();
  elsewhere.close();
  heaps.end();
  return { ...figures(), failures, arrived };

  function figures(): Omit<SocketResult, 'failures' | 'arrived'> {
    const sent = all.reduce((sum, [, group]) => sum + group.sent, 0);
    const counts = { attacks, refused, heapBytes, sent, answers, misled, came };
    return { seed, datagrams, ...counts };
  }

  function throwOne(): void {
    const who = random.pick(['outsider', 'stranger'] as const);
    const group = groups[who];
    const at = random.int(0, group.ends.length - 1);
    const stranger = { target: at, addresses, comingShare };
    const attack =
      who === 'outsider' ? outsiders(group, wrongKey, random) : strangers(group, stranger, random);
    const name = `${who}: ${attack.name}`;
    attacks.set(name, (attacks.get(name) ?? 0) + 1);
    if (attack.comes !== undefined) {
      group.comers.add(attack.comes);
      came += 1;
    }
    const datagram = who === 'outsider' ? attack.datagram : seal.seal(attack.datagram);
    group.thrown(at, { number: n + 1, name, datagram });
    attacker.send(datagram, group.ends[at]?.port ?? 0, host);
  }

  /** Datagrams that all have received, and that are not of their groups. */
  async function foreign(): Promise<number> {
    const counted = await Promise.all(all.map(([, group]) => group.counted()));
    return counted.flat().reduce((sum, { foreign }) => sum + foreign, 0);
  }
}
