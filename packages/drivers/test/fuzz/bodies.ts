// A body for each type of message there is: a type that is new is missed by the compiler.
import {
  aheadMax,
  type Body,
  type BodyOf,
  type MessageTypeName,
  type ProcessorId,
  services,
} from '@choir/ftmp';
import type { Draw } from './draw.ts';

/** All types, as the product has them. */
export const allTypes = Object.keys(services) as readonly MessageTypeName[];

type Connection = BodyOf<'connect'>['connection'];
type Part = BodyOf<'regular'>['parts'][number];

const partBytesMax = 1_300;
const paddingMax = 2_000;
const sliceMax = 1_300;

const bodiesOf: { readonly [Type in MessageTypeName]: (draw: Draw) => BodyOf<Type> } = {
  regular: (draw) => ({
    type: 'regular',
    parts: Array.from({ length: draw.random.int(1, 3) }, () => part(draw)),
  }),
  retransmitRequest: (draw) => {
    const processor = draw.processor();
    const { sequence } = draw.heard.countersOf(processor);
    const [start, stop] = [draw.counter(sequence), draw.counter(sequence)];
    return { type: 'retransmitRequest', processor, start, stop };
  },
  heartbeat: (draw) => ({
    type: 'heartbeat',
    progress: draw.word(),
    asks: draw.flag(),
    stalled: draw.flag(),
    ahead: draw.random.pick([0, 1, aheadMax, aheadMax + 1, draw.word()]),
    confirms: once(
      draw,
      draw.list(255, () => ({ processor: draw.processor(), timestamp: draw.word() })),
    ),
    configuration: draw.configuration(),
    view: draw.view(),
    padding: new Uint8Array(draw.random.pick([0, 0, 1, paddingMax])),
  }),
  connectRequest: (draw) => ({
    type: 'connectRequest',
    connection: connection(draw),
    processors: ids(draw),
  }),
  connect: (draw) => ({
    type: 'connect',
    connection: connection(draw),
    group: draw.group(),
    address: draw.address(),
    view: draw.view(),
    members: ids(draw),
  }),
  addProcessor: (draw) => {
    const member = (id: ProcessorId) => ({
      id,
      sequence: draw.counter(draw.heard.countersOf(id).sequence),
      stage: draw.random.pick(['between', 'within', 'void'] as const),
      address: draw.address(),
    });
    const id = draw.flag() ? draw.stranger() : draw.processor();
    const newMember = { id, sequence: draw.counter(), address: draw.address() };
    return {
      type: 'addProcessor',
      lineage: draw.lineage(),
      view: draw.view(),
      configuration: draw.configuration(),
      watermark: draw.timestamp(),
      members: ids(draw)
        .filter((id) => id !== newMember.id)
        .map(member),
      newMember,
    };
  },
  removeProcessor: (draw) => ({ type: 'removeProcessor', member: draw.processor() }),
  suspect: (draw) => ({ type: 'suspect', view: draw.configuration(), suspects: ids(draw) }),
  membership: (draw) => {
    const accepted = draw.random.chance(0.6) ? acceptance(draw) : null;
    const isOpen = accepted === null && draw.random.chance(0.9);
    return {
      type: 'membership',
      view: draw.view(),
      configuration: draw.configuration(),
      members: ids(draw),
      held: marks(draw).map((mark) => ({ ...mark, heard: draw.timestamp() })),
      proposed: ids(draw),
      round: round(draw),
      phase: isOpen ? 'propose' : draw.random.pick(['propose', 'ready', 'installed'] as const),
      accepted,
    };
  },
  join: (draw) => ({
    type: 'join',
    minorMin: draw.random.chance(0.8) ? 0 : draw.octet(),
    minorMax: draw.random.chance(0.8) ? 0 : draw.octet(),
    sequence: draw.counter(),
    address: draw.address(),
    lineage: draw.lineage(),
    view: draw.random.chance(0.5) ? (draw.heard.view ?? draw.view()) : draw.view(),
  }),
  refuse: (draw) => ({
    type: 'refuse',
    processor: draw.processor(),
    reason: draw.random.pick(['excluded', 'version', 'full', 'rival'] as const),
    view: draw.view(),
  }),
  announce: (draw) => ({
    type: 'announce',
    lineage: draw.lineage(),
    configuration: draw.configuration(),
    view: draw.view(),
    primary: draw.flag(),
    members: draw.random.pick([0, 3, 255, 65_535]),
    address: draw.address(),
  }),
  slice: (draw) => {
    const content = draw.bytes(sliceMax);
    const length = draw.random.pick([content.length + 1, 65_507, 65_508, draw.word()]);
    const most = Math.max(0, Math.min(length, 65_508) - content.length);
    const offset = draw.random.pick([0, most, draw.random.int(0, most), draw.word()]);
    return { type: 'slice', length, offset, content };
  },
};

export function bodyOf(type: MessageTypeName, draw: Draw): Body {
  return bodiesOf[type](draw);
}

/** Mostly one that is wanted, or stands. */
function connection({ random }: Draw): Connection {
  const known = random.chance(0.7);
  const client = { domain: 1, group: known ? random.int(0, 99) : random.uint32() };
  const server = { domain: 1, group: random.chance(0.9) ? 90 : random.uint32() };
  return { client, server };
}

function part(draw: Draw): Part {
  const { random } = draw;
  const [first, last] = [draw.random.chance(0.7), draw.random.chance(0.7)];
  const hasRequest = first && random.chance(0.5);
  const named = { connection: connection(draw), number: draw.counter() };
  const request = random.chance(0.5) ? named : { ...named, reply: true as const };
  return {
    first,
    last,
    restart: random.chance(0.1),
    request: hasRequest ? request : null,
    bytes: draw.bytes(partBytesMax),
  };
}

function ids(draw: Draw): readonly ProcessorId[] {
  const all = draw.once(draw.processors(), (id) => id);
  // Who agree are named in the order of their ids.
  return draw.flag() ? [...all].sort((one, other) => one - other) : all;
}

function marks(draw: Draw): readonly { source: ProcessorId; sequence: number }[] {
  const all = draw.list(510, () => {
    const source = draw.processor();
    return { source, sequence: draw.counter(draw.heard.countersOf(source).sequence) };
  });
  return draw.once(all, ({ source }) => source);
}

function once<What extends { readonly processor: ProcessorId }>(
  draw: Draw,
  all: readonly What[],
): readonly What[] {
  return draw.once(all, ({ processor }) => processor);
}

function round({ random }: Draw): number {
  const small = random.int(0, 5);
  return random.pick([small, small, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1]);
}

function acceptance(draw: Draw): BodyOf<'membership'>['accepted'] {
  const near = draw.heard.configuration?.timestamp ?? 0;
  const timestamp = draw.flag() ? draw.timestamp() : draw.counter(near);
  const successor = { members: ids(draw), cut: marks(draw), timestamp };
  return { round: round(draw), successor };
}
