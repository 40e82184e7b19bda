/** What must be refused: messages of the vectors, with one thing wrong. `rewrite.ts` writes their bytes to `vectors/ftmp`. */
import {
  fromHex,
  type MessageVector,
  messageVectors,
  type RefusedVector,
  toHex,
} from './vectors.ts';
import { headerBytes, walk } from './walk.ts';

const sizeAt = 8;
const requestBytes = 24;
const firstMember = '000000011a2b3c4d';
const noView = '00000000000000000000000100000000';

class Original {
  readonly bytes: Buffer;

  constructor(name: string, order: 'big' | 'little' = 'big') {
    const vector = messageVectors().find((each: MessageVector) => each.name === name);
    if (vector === undefined) throw new Error(`there is no vector ${name}`);
    this.bytes = Buffer.from(fromHex(vector[order]));
  }

  /** With other bytes where a field begins. */
  put(field: string, hex: string): Buffer {
    const row = walk(this.bytes).find(({ name }) => name === field);
    if (row === undefined) throw new Error(`there is no field ${field}`);
    const copy = Buffer.from(this.bytes);
    copy.set(fromHex(hex), row.offset);
    return copy;
  }

  /** With another body, and its size. */
  body(hex: string): Buffer {
    return sized(Buffer.concat([this.bytes.subarray(0, headerBytes), fromHex(hex)]));
  }

  /** Up to here and no further, with that size. */
  cut(length: number): Buffer {
    return sized(this.bytes.subarray(0, length));
  }
}

function sized(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(copy.length, sizeAt);
  return copy;
}

/** Clause, what is wrong, the code, the words of the codec, the bytes. */
type Row = readonly [clause: string, why: string, code: string, problem: string, bytes: Buffer];

const end = 'the input ends too early';
const header = 'it is shorter than a header';
const strange = 'a flag is set that has no meaning';
const ofOthers = 'a flag is set that this type does not have';
const otherSize = 'the size in the header is not that of the message';
const twice = 'a processor is named twice';
const noProcessor = 'no processor has this id';
const notBit = 'the flag is neither 0 nor 1';
const farCounter = 'a counter is larger than 2^52';
/** 2^52 + 1 */
const far = '0010000000000001';

function ofHeaders(): readonly Row[] {
  const beat = new Original('heartbeat of the paper');
  const little = new Original('heartbeat of the paper', 'little');
  const regular = new Original('regular');
  const [suspect, join] = [new Original('suspect'), new Original('join')];
  const magic = 'it does not begin with FTMP';
  const major = 'it has another major version';
  const sizeOf = regular.bytes.length.toString(16).padStart(2, '0');
  const source = 'no processor has the id of the source';
  return [
    ['C1', 'nothing at all', 'SHORT', header, Buffer.alloc(0)],
    ['C1', 'a byte less than a header', 'SHORT', header, beat.bytes.subarray(0, headerBytes - 1)],
    ['H2', 'another magic', 'MAGIC', magic, beat.put('magic', '47494f50')],
    ['H2', 'the magic in little endian', 'MAGIC', magic, little.put('magic', '504d5446')],
    ['H3', 'a later major version', 'VERSION', major, beat.put('major version', '02')],
    ['H3', 'major version 0', 'VERSION', major, beat.put('major version', '00')],
    ['H4', 'a flag that has no meaning', 'FLAGS', strange, beat.put('flags', '10')],
    ['H4', 'all flags', 'FLAGS', strange, regular.put('flags', 'ff')],
    ['H4', 'a heartbeat that is sent again', 'FLAGS', ofOthers, beat.put('flags', '02')],
    ['H4', 'a heartbeat that is packed', 'FLAGS', ofOthers, beat.put('flags', '04')],
    ['H4', 'a Suspect that is safe', 'FLAGS', ofOthers, suspect.put('flags', '08')],
    ['H4', 'a Join that is sent again', 'FLAGS', ofOthers, join.put('flags', '02')],
    ['H6', 'a size larger than the message', 'SIZE', otherSize, regular.put('size', '00000100')],
    ['H6', 'a size smaller than the message', 'SIZE', otherSize, regular.put('size', '00000024')],
    [
      'H6',
      'a size in the other byte order',
      'SIZE',
      otherSize,
      regular.put('size', `${sizeOf}000000`),
    ],
    ['H5', 'a type that nobody has', 'TYPE', 'no type has this number', beat.put('type', '09')],
    ['H5', 'the type 255', 'TYPE', 'no type has this number', beat.put('type', 'ff')],
    ['W8', 'the source is processor 0', 'SOURCE', source, beat.put('source', '00000000')],
    ['W8', 'the source is processor 2^21', 'SOURCE', source, beat.put('source', '00200000')],
    ['C1', 'flags before the size', 'FLAGS', strange, beat.put('flags', '200209090909')],
    ['C1', 'the size before the type', 'SIZE', otherSize, beat.put('type', '6309090909')],
  ];
}

function ofControl(): readonly Row[] {
  const ask = new Original('retransmitRequest');
  const beat = new Original('heartbeat of the paper');
  const wish = new Original('connectRequest');
  const connect = new Original('connect');
  const [refuse, announce] = [new Original('refuse'), new Original('announce')];
  const join = new Original('join');
  const slice = new Original('slice');
  const above = 'the number is larger than 2^53-1';
  const before = 'the range ends before it begins';
  const nothing = 'a heartbeat that says nothing has no body';
  const short = 'the list ends too early';
  const many = 'more than 255 in a list';
  const long = 'more than 64 bytes';
  return [
    ['W5', 'asking up to 2^53', 'BODY', above, ask.put('stop', '0020000000000000')],
    ['W7', 'asking up to more than 2^52', 'LIMIT', farCounter, ask.put('stop', far)],
    [
      'W7',
      'a Join behind a number beyond 2^52',
      'LIMIT',
      farCounter,
      join.body(`0000${far}0000${noView}${noView}`),
    ],
    [
      'W7',
      'an Announce of a view beyond 2^52',
      'LIMIT',
      farCounter,
      announce.put('view.timestamp', far),
    ],
    [
      'B2',
      'a range that ends before it begins',
      'BODY',
      before,
      ask.put('start', '000000000000000b'),
    ],
    ['W8', 'asking of processor 0', 'BODY', noProcessor, ask.put('processor', '00000000')],
    [
      'E5',
      'a heartbeat with nothing in its body',
      'BODY',
      nothing,
      beat.body(`000000000000000000000000${noView}${noView}`),
    ],
    [
      'W6',
      'a heartbeat whose flag is 2',
      'BODY',
      notBit,
      beat.body(`000000010200000000000000${noView}${noView}`),
    ],
    [
      'E5',
      'a lookahead beyond 2^20',
      'LIMIT',
      'more than 1048576 ahead',
      beat.body(`000000000000001000010000${noView}${noView}`),
    ],
    ['E5', 'a heartbeat with half of its body', 'BODY', end, beat.body('00000001')],
    [
      'E5',
      'a processor that is confirmed twice',
      'BODY',
      twice,
      beat.body(`00000001000000000000${'0002'}${`${firstMember}00000005`.repeat(2)}`),
    ],
    [
      'E5',
      'a confirmation without its timestamp',
      'BODY',
      short,
      beat.body(`00000001000000000000${'0001'}${firstMember}`),
    ],
    ['W9', 'more processors than there are', 'BODY', short, wish.put('processors count', '0003')],
    ['W9', 'a processor twice', 'BODY', twice, wish.put('processors[1]', firstMember)],
    ['W9', '256 processors', 'LIMIT', many, wish.put('processors count', '0100')],
    ['W9', 'an address of 65 bytes', 'LIMIT', long, connect.put('address length', '0041')],
    ['W9', 'the end within an address', 'BODY', end, connect.cut(60)],
    ['E7', 'a reason that nobody has', 'BODY', 'no such reason', refuse.put('reason', '04')],
    [
      'W9',
      'an Announce with an address of 65 bytes',
      'LIMIT',
      long,
      announce.put('address length', '0041'),
    ],
    ['E15', 'a slice without content', 'BODY', 'the slice is empty', slice.cut(44)],
    [
      'E15',
      'a slice of more than a datagram',
      'LIMIT',
      'the whole is longer than a datagram',
      slice.put('length', '0000ffe4'),
    ],
    [
      'E15',
      'a slice that ends behind its message',
      'BODY',
      'the slice ends behind the whole',
      slice.put('length', '00000402'),
    ],
    [
      'E15',
      'a slice that is all of its message',
      'BODY',
      'the slice is the whole',
      slice.put('length', '0000000300000000'),
    ],
    [
      'C2',
      'a long list before a processor that is none',
      'LIMIT',
      many,
      wish.put('processors count', '010000000000'),
    ],
  ];
}

function ofMembership(): readonly Row[] {
  const remove = new Original('removeProcessor');
  const add = new Original('addProcessor');
  const ready = new Original('membership');
  const propose = new Original('membership, propose');
  const source = 'a source is named twice';
  const farRound = 'a round is larger than 2^31';
  const noLater = 'the successor is no later configuration';
  const again = ready.put('accepted.successor.timestamp', '0000000000000001');
  // Behind the round of the acceptance there are 60 bytes: two members, two marks and the timestamp. Of these the timestamp alone.
  const nobody = sized(
    Buffer.concat([ready.bytes.subarray(0, -60), fromHex('00000000000000000000015f')]),
  );
  const marks = 'more than 510 in a list';
  const more = 'there are more bytes than the body has';
  const longer = sized(Buffer.concat([remove.bytes, Buffer.alloc(1)]));
  return [
    ['W3', 'a byte behind the body', 'BODY', more, longer],
    ['W3', 'no body where one has to be', 'BODY', end, remove.body('')],
    ['B6', 'a member that is added', 'BODY', twice, add.put('newMember.id', firstMember)],
    ['B6', 'a member twice', 'BODY', twice, add.put('members[1].id', firstMember)],
    ['B6', 'a stage that is none', 'BODY', 'no such stage', add.put('members[0].stage', '03')],
    ['W7', 'a watermark beyond 2^52', 'LIMIT', farCounter, add.put('watermark', far)],
    ['W7', 'a member beyond 2^52', 'LIMIT', farCounter, add.put('members[0].sequence', far)],
    ['W7', 'a newcomer beyond 2^52', 'LIMIT', farCounter, add.put('newMember.sequence', far)],
    ['W7', 'held beyond 2^52', 'LIMIT', farCounter, ready.put('held[0].sequence', far)],
    ['W7', 'heard beyond 2^52', 'LIMIT', farCounter, ready.put('held[0].heard', far)],
    [
      'W7',
      'a cut beyond 2^52',
      'LIMIT',
      farCounter,
      ready.put('accepted.successor.cut[0].sequence', far),
    ],
    [
      'W7',
      'a successor beyond 2^52',
      'LIMIT',
      farCounter,
      ready.put('accepted.successor.timestamp', far),
    ],
    ['B9', 'a round beyond 2^31', 'LIMIT', farRound, ready.put('round', '80000001')],
    [
      'B9',
      'what was accepted beyond 2^31',
      'LIMIT',
      farRound,
      ready.put('accepted.round', '80000001'),
    ],
    ['B9', 'a successor of nobody', 'BODY', noLater, nobody],
    ['B9', 'a successor that is the configuration', 'BODY', noLater, again],
    ['B9', 'a phase that nobody has', 'BODY', 'no such phase', ready.put('phase', '03')],
    ['B9', 'ready for nothing', 'BODY', 'nothing is accepted', propose.put('phase', '01')],
    ['W6', 'a Membership whose flag is 2', 'BODY', notBit, ready.put('accepted is there', '02')],
    ['W9', 'held of 511 sources', 'LIMIT', marks, ready.put('held count', '01ff')],
    ['W9', 'held of a source twice', 'BODY', source, ready.put('held[1].source', firstMember)],
    [
      'W9',
      'a cut that ends too early',
      'BODY',
      'the list ends too early',
      ready.put('accepted.successor.cut count', '0005'),
    ],
    ['C2', 'a processor that is none before a long list', 'BODY', noProcessor, twoWrong(ready)],
  ];
}

function twoWrong(ready: Original): Buffer {
  const viewProcessorEnd = headerBytes + 16;
  const early = ready.put('view.processor', '00000000').subarray(0, viewProcessorEnd);
  return Buffer.concat([early, ready.put('held count', '01ff').subarray(viewProcessorEnd)]);
}

function ofParts(): readonly Row[] {
  const packed = new Original('regular, packed');
  const regular = new Original('regular');
  const request = toHex(regular.bytes.subarray(headerBytes, headerBytes + requestBytes));
  const cut = 'it ends within a part';
  const form = 'the length of a part is not in its one form';
  const notFirst = 'a piece that is not the first has a request or a restart';
  const plain = 'one whole message with a request is not packed';
  const number = 'the request number is larger than 2^53-1';
  return [
    ['W3', 'the end within a request number', 'BODY', cut, regular.body(request.slice(0, -2))],
    ['W5', 'a request number of 2^53', 'BODY', number, regular.put('number', '0020000000000000')],
    ['E1', 'a packed body without a part', 'BODY', 'there is no part', packed.body('')],
    [
      'E1',
      'a bit that has no meaning',
      'BODY',
      'a bit of a part has no meaning',
      packed.body('230161'),
    ],
    ['E1', 'a part longer than the message', 'BODY', cut, packed.body('030261')],
    ['E1', 'a length of one octet in two', 'BODY', form, packed.body('03810061')],
    ['E1', 'a length of four octets', 'BODY', form, packed.body('038180800161')],
    ['E1', 'the end within a length', 'BODY', cut, packed.body('0381')],
    ['E1', 'the end within the request of a part', 'BODY', cut, packed.body('070100000001')],
    ['E1', 'one whole message with a request', 'BODY', plain, packed.body(`0701${request}61`)],
    ['E2', 'a first piece that is empty', 'BODY', 'a piece is empty', packed.body('0100')],
    ['E2', 'a last piece that is empty', 'BODY', 'a piece is empty', packed.body('0200')],
    ['E2', 'a request at a later piece', 'BODY', notFirst, packed.body(`0601${request}61`)],
    [
      'E13',
      'a reply without a request',
      'BODY',
      'a reply has no request number',
      packed.body('130161'),
    ],
    ['E2', 'a restart at a later piece', 'BODY', notFirst, packed.body('0a0161')],
  ];
}

export function refusals(): readonly RefusedVector[] {
  return [ofHeaders, ofControl, ofMembership, ofParts].flatMap((rows) =>
    rows().map(([clause, why, code, problem, bytes]) => ({
      clause,
      why,
      code,
      problem,
      message: toHex(bytes),
    })),
  );
}
