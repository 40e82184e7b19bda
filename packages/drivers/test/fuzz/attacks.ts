// Datagrams that nobody should send: by outsiders, and by holders of the key who are no members. Of members who lie see `liars.ts`.
import {
  type Body,
  encode,
  groupId,
  type MessageTypeName,
  noView,
  type ProcessorId,
  processorId,
  processorNumber,
} from '@choir/ftmp';
import type { Random } from '@choir/testkit';
import type { Gate } from '../../src/envelope/gate.ts';
import { allTypes, bodyOf } from './bodies.ts';
import { damaged } from './damage.ts';
import { Draw } from './draw.ts';
import type { Overheard } from './overheard.ts';

export type Attack = {
  readonly name: string;
  readonly datagram: Uint8Array;
  /** Who asks for it to be let in, where nothing speaks against that. */
  readonly comes?: ProcessorId;
};

/** A group that is attacked. */
export type Quarry = {
  readonly heard: Overheard;
  /** The id of the processor at this place. */
  idOf(at: number): ProcessorId | undefined;
};

type Stranger = {
  /** The place of the processor that is met. */
  readonly target: number;
  /** Where datagrams may be sent because of what strangers say. */
  readonly addresses: readonly Uint8Array[];
  /** Of the Joins, those for which there is nothing but to add who asks. */
  readonly comingShare: number;
  /** Many ask, one behind the other. */
  readonly isRush?: boolean;
};

export const quarry = groupId(7);

/** Of somebody without the key. */
export function outsiders(live: Quarry, wrongKey: Gate, random: Random): Attack {
  const kind = random.int(0, 9);
  if (kind < 2) return { name: 'replayed', datagram: live.heard.datagrams.pick(random) };
  if (kind > 5) return damaged(live.heard.datagrams, random);
  if (kind === 2) {
    return { name: 'wrong key', datagram: wrongKey.seal(live.heard.messages.pick(random)) };
  }
  const type = random.pick(allTypes);
  const draw = new Draw(live.heard, random, [random.bytes(7)]);
  const message = forged(draw, draw.processor(), bodyOf(type, draw));
  if (kind === 3) return { name: `bare ${type}`, datagram: message };
  return { name: `wrong key ${type}`, datagram: wrongKey.seal(message) };
}

/** Of somebody with the key who is no member, or who has the id of the one who is met. */
export function strangers(live: Quarry, stranger: Stranger, random: Random): Attack {
  const { target, addresses, comingShare, isRush = false } = stranger;
  const draw = new Draw(live.heard, random, addresses);
  const type = isRush ? 'join' : random.pick(allTypes);
  const self = live.idOf(target);
  if (self !== undefined && !isRush && random.chance(0.2)) {
    return { name: `twin ${type}`, datagram: twins(draw, self, type) };
  }
  const source = newcomer(live, random);
  const name = `stranger ${type}`;
  if (type !== 'join') return { name, datagram: forged(draw, source, bodyOf(type, draw)) };
  const isComing = isRush || random.chance(comingShare);
  const body = isComing ? joining(draw) : astray(bodyOf(type, draw), random);
  const datagram = forged(draw, source, body);
  return isComing ? { name, datagram, comes: source } : { name, datagram };
}

/** A message of this body, with counters that are near those of its source, or at an extreme. */
export function forged(draw: Draw, source: ProcessorId, body: Body): Uint8Array {
  const { sequence, timestamp, ack } = draw.heard.countersOf(source);
  const counters = {
    sequence: draw.counter(sequence) % 2 ** 32,
    timestamp: draw.counter(timestamp) % 2 ** 32,
    ack: draw.counter(ack) % 2 ** 32,
  };
  return encode({ ...envelopeOf(draw, source), ...counters }, body);
}

export function envelopeOf({ random }: Draw, source: ProcessorId) {
  const order = random.pick(['big', 'little'] as const);
  const group = random.chance(0.98) ? quarry : groupId(random.uint32());
  return { order, source, group, safe: false, minor: random.pick([0, 0, 0, 1, 255]) };
}

/** Asks for what it is to be given: nothing speaks against it. */
export function joining(draw: Draw): Body {
  const { lineage, view } = draw.heard;
  const sequence = draw.random.pick([0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 52 - 1, 2 ** 52]);
  const versions = { minorMin: 0, minorMax: draw.random.pick([0, 255]) };
  const address = draw.address();
  const place = { lineage: lineage ?? noView, view: view ?? noView };
  return { type: 'join', ...versions, sequence, address, ...place };
}

/** A Join that adds nobody: it names a group that does not exist, or is malformed. */
function astray(body: Body, random: Random): Body {
  if (body.type !== 'join') return body;
  const sequence = random.pick([2 ** 52 + 1, 2 ** 53 - 100, 2 ** 53 - 1]);
  if (random.chance(0.5)) return { ...body, sequence };
  const lineage = { timestamp: random.uint32(), processor: body.lineage.processor };
  return { ...body, lineage: random.chance(0.5) ? noView : lineage };
}

/** A second processor of this id has counters of its own. */
function twins(draw: Draw, self: ProcessorId, type: MessageTypeName): Uint8Array {
  const { random, heard } = draw;
  const { sequence, timestamp, ack } = heard.countersOf(self);
  const counters = {
    sequence: (sequence + random.int(0, 100_000)) % 2 ** 32,
    timestamp: (timestamp + random.int(0, 100_000)) % 2 ** 32,
    ack,
  };
  return encode({ ...envelopeOf(draw, self), ...counters }, bodyOf(type, draw));
}

/** An id that nobody had: of anybody, or another incarnation of one who is there. */
function newcomer(live: Quarry, random: Random): ProcessorId {
  const other = random.chance(0.1) ? live.idOf(random.int(0, 2)) : undefined;
  const number = other === undefined ? random.int(4, 900) : processorNumber(other);
  return processorId(number, random.uint32());
}
