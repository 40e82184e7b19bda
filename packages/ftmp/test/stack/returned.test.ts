/** Memory that a processor returns (R5): the cluster writes over it, as somebody else would. */
import { expect, test } from 'vitest';
import {
  type Body,
  checked,
  defaultSettings,
  encode,
  noView,
  Processor,
  processorId,
} from '../../src/index.ts';
import { Cluster, group } from './cluster.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A processor that is alone in its group. */
function alone(returned: (bytes: Uint8Array) => void): Processor {
  const processor = new Processor({
    self: processorId(1, 7),
    address: new Uint8Array([1]),
    settings: defaultSettings,
    envelope: checked,
    random: () => 0.5,
    fansOut: false,
    firstSequence: 0,
    firstTimestamp: 0,
    observe: () => {},
    returned,
  });
  processor.join(group, 0, true);
  return processor;
}

test('R5 what was handed over is returned when it is packed, and the packet when nobody needs it', () => {
  const returned: Uint8Array[] = [];
  const processor = alone((bytes) => returned.push(bytes));
  const bytes = bytesOf('hello');
  processor.submit(group, { bytes, safe: false, request: null });
  processor.turn(1);
  expect(returned[0]).toBe(bytes);
  processor.turn(2);
  expect(returned).toHaveLength(2);
  expect(new TextDecoder().decode(returned[1])).toContain('hello');
});

test('R5 of a long message what was handed over is returned once, and none of its pieces', () => {
  const returned: Uint8Array[] = [];
  const processor = alone((bytes) => returned.push(bytes));
  const bytes = new Uint8Array(defaultSettings.datagramBytes * 3);
  processor.submit(group, { bytes, safe: false, request: null });
  for (let now = 1; now < 10; now += 1) processor.turn(now);
  expect(returned).toEqual([bytes]);
});

/** The last of three members is silent: the test speaks for it. */
class Liar {
  readonly cluster = Cluster.formed(3);
  #sequence: number;
  /** What it had acknowledged before. */
  readonly ack: number;

  constructor() {
    const sent = (this.cluster.events[2] ?? []).filter((event) => event.kind === 'sent').at(-1);
    if (sent?.kind !== 'sent') throw new Error('It has sent nothing.');
    this.#sequence = sent.sequence;
    this.ack = sent.ack;
    this.cluster.silent.add(this.cluster.at(3).id);
  }

  says(text: string, timestamp: number): void {
    this.#sequence += 1;
    const part = { first: true, last: true, restart: false, request: null };
    const parts = [{ ...part, bytes: bytesOf(text) }];
    this.#say({ type: 'regular', parts }, timestamp, this.ack);
  }

  beats(timestamp: number, ack: number): void {
    const says = { progress: 0, asks: false, stalled: false, ahead: 0, confirms: [] };
    const views = { configuration: noView, view: noView };
    const body = { ...says, ...views, padding: new Uint8Array(0) };
    this.#say({ type: 'heartbeat', ...body }, timestamp, ack);
  }

  #say(body: Body, timestamp: number, ack: number): void {
    const { cluster } = this;
    const source = cluster.at(3).id;
    const counters = { sequence: this.#sequence, timestamp, ack };
    const bytes = checked.seal(encode({ order: 'big', source, group, ...counters }, body));
    for (const number of [1, 2])
      cluster.transmit({ from: source, to: cluster.at(number).id, bytes });
    cluster.run(5);
  }
}

test('R5 what a liar puts before what was delivered waits unharmed behind a safe message', () => {
  const liar = new Liar();
  const { cluster } = liar;
  cluster.send(1, 'agreed');
  cluster.send(1, 'safe', true);
  cluster.run(5);
  const safe = cluster.events[0]?.findLast(
    (event) => event.kind === 'sent' && event.type === 'regular',
  );
  if (safe?.kind !== 'sent') expect.unreachable();
  const { timestamp } = safe;
  const lie = 'y'.repeat(300);
  // It is heard past the safe message, which is ordered by that, and does not acknowledge it.
  liar.beats(timestamp + 2, liar.ack);
  liar.says(lie, liar.ack);
  liar.beats(timestamp + 3, timestamp - 1);
  expect(cluster.texts(2)).toEqual(['agreed']);
  liar.beats(timestamp + 9, timestamp + 3);
  expect(cluster.texts(2)).toEqual(['agreed', 'safe', lie]);
});
