/**
 * Where the fields of messages stand, as a table: a second description of the wire beside the codec, made to be read. The
 * tables and examples of `docs/protocol/ftmp.md` are made from it, and tests hold both against the codec.
 */
import type { MessageTypeName } from '../../src/index.ts';

export type Kind =
  | { readonly kind: 'number'; readonly width: 1 | 2 | 4 | 8 }
  | { readonly kind: 'flag' | 'processor' | 'address' | 'text' | 'rest' | 'bits' | 'length' }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'record' | 'list'; readonly of: readonly Field[]; readonly shown: string }
  | { readonly kind: 'optional'; readonly of: readonly Field[]; readonly shown: string };

export type Field = { readonly name: string; readonly is: Kind; readonly meaning: string };

const u8: Kind = { kind: 'number', width: 1 };
const u16: Kind = { kind: 'number', width: 2 };
const u32: Kind = { kind: 'number', width: 4 };
const u64: Kind = { kind: 'number', width: 8 };
const flag: Kind = { kind: 'flag' };
const processor: Kind = { kind: 'processor' };
const address: Kind = { kind: 'address' };

function field(name: string, is: Kind, meaning = ''): Field {
  return { name, is, meaning };
}

function record(shown: string, ...of: Field[]): Kind {
  return { kind: 'record', of, shown };
}

function list(shown: string, ...of: Field[]): Kind {
  return { kind: 'list', of, shown };
}

const processors = list('processor', field('', processor));
const view = record('view', field('timestamp', u64), field('processor', processor));
const marks = list('mark', field('source', processor), field('sequence', u64));
const heldMarks = list(
  'held mark',
  field('source', processor),
  field('sequence', u64),
  field('heard', u64),
);
const objectGroup = record('object group', field('domain', u32), field('group', u32));
const connection = record('connection', field('client', objectGroup), field('server', objectGroup));
const newcomer = record(
  'newcomer',
  field('id', processor),
  field('sequence', u64),
  field('address', address),
);
const members = list(
  'member',
  field('id', processor),
  field('sequence', u64),
  field('stage', { kind: 'word', words: ['between', 'within', 'void'] }),
  field('address', address),
);
const successor = record(
  'successor',
  field('members', processors),
  field('cut', marks),
  field('timestamp', u64),
);

export const header: readonly Field[] = [
  field('magic', { kind: 'text' }, 'H2'),
  field('major version', u8, 'H3'),
  field('minor version', u8, 'H3, E9'),
  field('flags', { kind: 'bits' }, 'H4'),
  field('type', u8, 'H5'),
  field('size', u32, 'H6'),
  field('source', processor, 'H7'),
  field('group', u32, 'H8'),
  field('sequence', u32, 'H9'),
  field('timestamp', u32, 'H10'),
  field('ack', u32, 'H11'),
];

const request = [
  field('connection', connection, 'the logical connection'),
  field('number', u64, 'of the request on that connection'),
];

export const plainRegular: readonly Field[] = [
  ...request,
  field('bytes', { kind: 'rest' }, 'the message, up to the end'),
];

/** Of a packed body; `connection` and `number` only where the bits say so. */
export const part = {
  head: [field('bits', { kind: 'bits' }), field('length', { kind: 'length' })],
  request,
};

export const bodies: Readonly<Record<Exclude<MessageTypeName, 'regular'>, readonly Field[]>> = {
  retransmitRequest: [
    field('processor', processor, 'whose messages are missing'),
    field('start', u64, 'the first that is missing, a whole number (W7)'),
    field('stop', u64, 'the last; not below `start`'),
  ],
  heartbeat: [
    field('progress', u32, "rises as long as the application's thread runs"),
    field('asks', flag, 'the sender wants to hear from everyone at once'),
    field('stalled', flag, "the sender's application does not progress"),
    field('ahead', u32, 'its lookahead: what it promises beyond its timestamp, at most 2^20'),
    field(
      'confirms',
      list('confirmation', field('processor', processor), field('timestamp', u32)),
      'the probes that have come to it since its last heartbeat, the last of each processor',
    ),
    field('configuration', view, 'the one that the sender is in'),
    field(
      'view',
      view,
      'the newest that it has installed; no view (W10) before its first, and from when its configuration is to end until it is in the next',
    ),
    field('padding', { kind: 'rest' }, 'makes it a probe: zeros up to the size that is probed'),
  ],
  connectRequest: [
    field('connection', connection, 'the connection that is wanted'),
    field('processors', processors, 'those that support the client object group'),
  ],
  connect: [
    field('connection', connection, 'the connection that is made or moved'),
    field('group', u32, 'the processor group that it uses from now on'),
    field('address', address, 'where that group is reached'),
    field('view', view, 'the current membership of the group that the message is sent to'),
    field('members', processors, 'its members'),
  ],
  addProcessor: [
    field('lineage', view, 'the first view that the group ever had (E8)'),
    field('view', view, 'the view that `members` are those of'),
    field('configuration', view, 'the configuration that it is in (E10)'),
    field('watermark', u64, 'all messages up to this timestamp are in the numbers below (E10)'),
    field('members', members, 'the members, oldest first'),
    field('newMember', newcomer, 'who is added'),
  ],
  removeProcessor: [field('member', processor, 'who is removed')],
  suspect: [
    field('view', view, 'the configuration that the sender is in'),
    field('suspects', processors, 'those that the sender suspects now; none takes all back'),
  ],
  membership: [
    field('view', view, "the sender's view; no view (W10) when it has none yet"),
    field('configuration', view, 'the configuration that is to end (E4)'),
    field('members', processors, 'the current membership'),
    field('held', heldMarks, 'of each source, the last message up to which the sender has all'),
    field('proposed', processors, 'those who are to agree, in the order of their ids (E4)'),
    field('round', u32, 'E4'),
    field('phase', { kind: 'word', words: ['propose', 'ready', 'installed'] }, 'E4'),
    field(
      'accepted',
      {
        kind: 'optional',
        shown: 'acceptance',
        of: [field('round', u32), field('successor', successor)],
      },
      'E4; present unless `propose`, then perhaps',
    ),
  ],
  join: [
    field('minorMin', u8, 'the lowest minor version that it speaks (E9)'),
    field('minorMax', u8, 'the highest'),
    field('sequence', u64, 'the number before its first message'),
    field('address', address, 'where it is reached'),
    field('lineage', view, 'that of the group it has heard of (E10); no view (W10) when of none'),
    field('view', view, 'the newest view of that; no view when of none'),
  ],
  refuse: [
    field('processor', processor, 'who is refused'),
    field('reason', { kind: 'word', words: ['excluded', 'version', 'full', 'rival'] }, 'E7'),
    field('view', view, 'the view that the sender is in, or E7'),
  ],
  announce: [
    field('lineage', view, 'the first view that the group ever had'),
    field('configuration', view, 'the configuration that the sender is in (E4)'),
    field('view', view, 'the view that it is in'),
    field(
      'primary',
      flag,
      'whether that is primary: otherwise the receiver goes by nothing else of this',
    ),
    field('members', u16, 'how many members that has'),
    field('address', address, 'where the sender is reached'),
  ],
  slice: [
    field('length', u32, 'bytes of the whole message, header and body, at most 65,507'),
    field('offset', u32, 'where in them the content stands'),
    field('content', { kind: 'rest' }, 'some of these bytes'),
  ],
};
