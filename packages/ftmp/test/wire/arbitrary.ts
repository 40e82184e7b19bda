/** Random messages of every type. */
import fc from 'fast-check';
import {
  type Body,
  type ConnectionId,
  compareViews,
  type Envelope,
  groupId,
  type MessageTypeName,
  noView,
  type Part,
  type ProcessorId,
  processorId,
  type Request,
  type ViewId,
} from '../../src/index.ts';
import { counterMax } from '../../src/wire/index.ts';

const u32 = fc.nat(2 ** 32 - 1);
const u64 = fc.oneof(fc.nat(1_000), fc.maxSafeNat());
const counter = fc.oneof(fc.nat(1_000), fc.nat(counterMax));
const round = fc.oneof(fc.nat(1_000), fc.nat(2 ** 31));
const u8 = fc.nat(255);
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

const processor: fc.Arbitrary<ProcessorId> = fc
  .tuple(fc.integer({ min: 1, max: 2 ** 21 - 1 }), u32)
  .map(([number, incarnation]) => processorId(number, incarnation));
const processors = fc.uniqueArray(processor, { maxLength: 6 });
const view: fc.Arbitrary<ViewId> = fc.record({ timestamp: counter, processor });
const marks = fc.uniqueArray(fc.record({ source: processor, sequence: counter }), {
  maxLength: 6,
  selector: ({ source }) => source,
});
const heldMarks = fc.uniqueArray(
  fc.record({ source: processor, sequence: counter, heard: counter }),
  {
    maxLength: 6,
    selector: ({ source }) => source,
  },
);
const confirmations = fc.uniqueArray(fc.record({ processor, timestamp: u32 }), {
  maxLength: 6,
  selector: ({ processor }) => processor,
});
const noViews = fc.oneof(fc.constant(noView), view);
const address = bytes(64);
const objectGroup = fc.record({ domain: u32, group: u32 });
const connection: fc.Arbitrary<ConnectionId> = fc.record({
  client: objectGroup,
  server: objectGroup,
});
const request: fc.Arbitrary<Request> = fc.record(
  { connection, number: u64, reply: fc.constant(true as const) },
  { requiredKeys: ['connection', 'number'] },
);
const stage = fc.constantFrom('between' as const, 'within' as const, 'void' as const);
const newcomer = fc.record({ id: processor, sequence: counter, address });
const members = fc.uniqueArray(fc.record({ id: processor, sequence: counter, stage, address }), {
  maxLength: 5,
  selector: ({ id }) => id,
});
const acceptance = fc.record({
  round,
  successor: fc.record({ members: processors, cut: marks, timestamp: counter }),
});

const part: fc.Arbitrary<Part> = fc
  .record({
    first: fc.boolean(),
    last: fc.boolean(),
    restart: fc.boolean(),
    request: fc.option(request),
    bytes: bytes(200),
  })
  .map(({ first, last, restart, request, bytes }) => ({
    first,
    last,
    restart: first && restart,
    request: first ? request : null,
    bytes: bytes.length > 0 || (first && last) ? bytes : new Uint8Array(1),
  }));

const bodiesOf: { readonly [Type in MessageTypeName]: fc.Arbitrary<Body & { type: Type }> } = {
  regular: fc.record({
    type: fc.constant('regular'),
    parts: fc.array(part, { minLength: 1, maxLength: 4 }),
  }),
  retransmitRequest: fc
    .record({ type: fc.constant('retransmitRequest'), processor, start: counter, stop: counter })
    .map((body) => ({
      ...body,
      start: Math.min(body.start, body.stop),
      stop: Math.max(body.start, body.stop),
    })),
  heartbeat: fc.record({
    type: fc.constant('heartbeat'),
    progress: fc.oneof(fc.constant(0), u32),
    asks: fc.boolean(),
    stalled: fc.boolean(),
    ahead: fc.oneof(fc.constant(0), fc.nat(2 ** 20)),
    confirms: fc.oneof(fc.constant([]), confirmations),
    configuration: noViews,
    view: noViews,
    padding: fc.oneof(fc.constant(new Uint8Array(0)), fc.uint8Array({ maxLength: 300 })),
  }),
  connectRequest: fc.record({ type: fc.constant('connectRequest'), connection, processors }),
  connect: fc.record({
    type: fc.constant('connect'),
    connection,
    group: u32.map(groupId),
    address,
    view,
    members: processors,
  }),
  addProcessor: fc
    .record({
      type: fc.constant('addProcessor' as const),
      lineage: view,
      view,
      configuration: view,
      watermark: counter,
      members,
      newMember: newcomer,
    })
    .filter((body) => body.members.every(({ id }) => id !== body.newMember.id)),
  removeProcessor: fc.record({ type: fc.constant('removeProcessor'), member: processor }),
  suspect: fc.record({ type: fc.constant('suspect'), view, suspects: processors }),
  membership: fc
    .record({
      type: fc.constant('membership'),
      view,
      configuration: view,
      members: processors,
      held: heldMarks,
      proposed: processors,
      round,
      phase: fc.constantFrom('propose', 'ready', 'installed'),
      accepted: fc.option(acceptance),
    })
    .filter(({ accepted, configuration }) => {
      const [first] = accepted?.successor.members ?? [];
      if (accepted === null || first === undefined) return accepted === null;
      const next = { timestamp: accepted.successor.timestamp, processor: first };
      return compareViews(next, configuration) > 0;
    })
    .map((body) => (body.accepted === null ? { ...body, phase: 'propose' } : body)),
  join: fc.record({
    type: fc.constant('join'),
    minorMin: u8,
    minorMax: u8,
    sequence: counter,
    address,
    lineage: view,
    view,
  }),
  refuse: fc.record({
    type: fc.constant('refuse'),
    processor,
    reason: fc.constantFrom('excluded', 'version', 'full', 'rival'),
    view,
  }),
  announce: fc.record({
    type: fc.constant('announce'),
    lineage: view,
    configuration: view,
    view,
    primary: fc.boolean(),
    members: fc.nat(2 ** 16 - 1),
    address,
  }),
  slice: fc
    .record({ offset: fc.nat(60_000), content: fc.uint8Array({ minLength: 1, maxLength: 1_300 }) })
    .chain(({ offset, content }) =>
      fc
        .integer({ min: offset === 0 ? 1 : 0, max: 4_000 })
        .map((behind) => ({ length: offset + content.length + behind, offset, content })),
    )
    .map((slice) => ({ type: 'slice' as const, ...slice })),
};

export type AnyMessage = { readonly envelope: Envelope; readonly body: Body };

export function messagesOf(type: MessageTypeName): fc.Arbitrary<AnyMessage> {
  const envelope = fc.record({
    order: fc.constantFrom('big', 'little'),
    source: processor,
    group: u32.map(groupId),
    sequence: u32,
    timestamp: u32,
    ack: u32,
    safe: type === 'regular' ? fc.boolean() : fc.constant(false),
    minor: u8,
  });
  return fc.record({ envelope, body: bodiesOf[type] });
}
