/**
 * The bytes of messages: one for the kind, then the fields. Numbers are naturals; texts, and lists, have their length before them; bytes
 * stand at the end, and reach up to it.
 */
import { Reader, type ReadFailure, Writer } from '@choir/bytes';
import {
  readOneOf,
  readProcessor,
  readProcessors,
  readView,
  writeProcessors,
  writeView,
} from './fields.ts';
import {
  channelBytesMax,
  digestBytes,
  failureBytesMax,
  formerPiecesMax,
  labelBytesMax,
  nameBytesMax,
  samePiecesMax,
} from './limits.ts';
import {
  type Addressees,
  type Message,
  type MessageOf,
  refusalReasons,
  wantedReasons,
} from './message.ts';

type Kind = Message['kind'];

type Codec<Of extends Kind> = {
  readonly write: (writer: Writer, message: MessageOf<Of>) => void;
  readonly read: (reader: Reader) => MessageOf<Of>;
};

const rest = (reader: Reader): Uint8Array => reader.raw(reader.remaining);
const addressing = ['all', 'others', 'list'] as const;

/** In the order of their bytes, from 1 on. */
const codecs: { readonly [Of in Kind]: Codec<Of> } = {
  hello: {
    write(writer, { version, view, name, label, observes }) {
      writer.natural(version);
      writeView(writer, view);
      writer.text(name);
      writer.text(label);
      writer.u8(observes ? 1 : 0);
    },
    read: (reader) => ({
      kind: 'hello',
      version: reader.natural(),
      view: readView(reader),
      name: reader.text(nameBytesMax),
      label: reader.text(labelBytesMax),
      observes: reader.flag(),
    }),
  },
  refusal: {
    write(writer, { to, reason, version }) {
      writer.natural(to);
      writer.u8(refusalReasons.indexOf(reason));
      writer.natural(version);
    },
    read: (reader) => ({
      kind: 'refusal',
      to: readProcessor(reader),
      reason: readOneOf(reader, refusalReasons),
      version: reader.natural(),
    }),
  },
  marker: {
    write(writer, { transfer, to }) {
      writer.natural(transfer);
      writeProcessors(writer, to);
    },
    read: (reader) => ({ kind: 'marker', transfer: reader.natural(), to: readProcessors(reader) }),
  },
  piece: {
    write(writer, { transfer, bytes }) {
      writer.natural(transfer);
      writer.raw(bytes);
    },
    read: (reader) => ({ kind: 'piece', transfer: reader.natural(), bytes: rest(reader) }),
  },
  whole: {
    write(writer, { transfer, sum, roll }) {
      writer.natural(transfer);
      writer.natural(sum);
      writer.raw(roll);
    },
    read: (reader) => ({
      kind: 'whole',
      transfer: reader.natural(),
      sum: reader.natural(),
      roll: rest(reader),
    }),
  },
  failed: {
    write: (writer, { transfer }) => writer.natural(transfer),
    read: (reader) => ({ kind: 'failed', transfer: reader.natural() }),
  },
  held: { write: () => {}, read: () => ({ kind: 'held' }) },
  wanted: {
    write(writer, { provider, reason }) {
      writer.u8(provider === null ? 0 : 1);
      if (provider !== null) writer.natural(provider);
      writer.u8(wantedReasons.indexOf(reason));
    },
    read: (reader) => ({
      kind: 'wanted',
      provider: reader.flag() ? readProcessor(reader) : null,
      reason: readOneOf(reader, wantedReasons),
    }),
  },
  multicast: {
    write(writer, { channel, bytes }) {
      writer.text(channel);
      writer.raw(bytes);
    },
    read: (reader) => ({
      kind: 'multicast',
      channel: reader.text(channelBytesMax),
      bytes: rest(reader),
    }),
  },
  direct: {
    write(writer, { to, channel, bytes }) {
      writeProcessors(writer, to);
      writer.text(channel);
      writer.raw(bytes);
    },
    read: (reader) => ({
      kind: 'direct',
      to: readProcessors(reader),
      channel: reader.text(channelBytesMax),
      bytes: rest(reader),
    }),
  },
  request: {
    write(writer, { number, to, channel, bytes }) {
      writer.natural(number);
      writeAddressees(writer, to);
      writer.text(channel);
      writer.raw(bytes);
    },
    read: (reader) => ({
      kind: 'request',
      number: reader.natural(),
      to: readAddressees(reader),
      channel: reader.text(channelBytesMax),
      bytes: rest(reader),
    }),
  },
  answer: {
    write(writer, { to, number, bytes }) {
      writer.natural(to);
      writer.natural(number);
      writer.raw(bytes);
    },
    read: (reader) => ({
      kind: 'answer',
      to: readProcessor(reader),
      number: reader.natural(),
      bytes: rest(reader),
    }),
  },
  failure: {
    write(writer, { to, number, text }) {
      writer.natural(to);
      writer.natural(number);
      writer.text(text);
    },
    read: (reader) => ({
      kind: 'failure',
      to: readProcessor(reader),
      number: reader.natural(),
      text: reader.text(failureBytesMax),
    }),
  },
  same: {
    write(writer, { transfer, bytes }) {
      writer.natural(transfer);
      writer.raw(bytes);
    },
    read: (reader) => ({
      kind: 'same',
      transfer: reader.natural(),
      bytes: readDigests(reader, samePiecesMax),
    }),
  },
  has: {
    write(writer, { provider, transfer, bytes }) {
      writer.natural(provider);
      writer.natural(transfer);
      writer.raw(bytes);
    },
    read: (reader) => ({
      kind: 'has',
      provider: readProcessor(reader),
      transfer: reader.natural(),
      bytes: readDigests(reader, formerPiecesMax),
    }),
  },
};

const kinds = Object.keys(codecs) as Kind[];
/** What an application says, or a replica of it: the rest is between the members. */
const kindsOfApplications: ReadonlySet<Kind> = new Set(['multicast', 'direct', 'request']);

/** Short messages stand in one buffer with others: a buffer for each takes longer to make, and to let go, than to send the message. */
const shortBytes = 4 * 1024;
const bufferBytes = 64 * 1024;
let shared = new Writer();

/**
 * @returns a view of a buffer that may hold other messages; nobody changes it any more
 * @throws UnencodableError when a text has half a surrogate pair
 */
export function encode(message: Message): Uint8Array {
  const bytes = 'bytes' in message ? message.bytes.length : 0;
  if (bytes > shortBytes) return written(new Writer(bytes + 128), message);
  if (shared.length > bufferBytes - shortBytes) shared = new Writer(bufferBytes);
  return written(shared, message);
}

function written(writer: Writer, message: Message): Uint8Array {
  const from = writer.length;
  writer.u8(kinds.indexOf(message.kind) + 1);
  // The codec of the message's own kind, which the compiler cannot follow.
  (codecs[message.kind] as Codec<Kind>).write(writer, message);
  return writer.written(from);
}

/** The message; or what is wrong with the bytes, which are not changed and are kept by the message. */
export function decode(bytes: Uint8Array): Message | ReadFailure {
  const reader = new Reader(bytes);
  const kind = kinds[reader.u8() - 1];
  if (kind === undefined) reader.fail('FORM', 'there is no such kind of message', 0);
  const message = kind === undefined ? null : codecs[kind].read(reader);
  if (reader.remaining > 0) reader.fail('FORM', 'bytes are left over');
  return reader.failure ?? (message as Message);
}

/** Whether an application would miss this message. @param bytes as of `encode` */
export function isOfApplication(bytes: Uint8Array): boolean {
  const kind = kinds[(bytes[0] ?? 0) - 1];
  return kind !== undefined && kindsOfApplications.has(kind);
}

/** As bytes: most of those who read them have no use for them. */
function readDigests(reader: Reader, max: number): Uint8Array {
  const start = reader.offset;
  const bytes = rest(reader);
  if (bytes.length % digestBytes !== 0) reader.fail('FORM', 'a digest is cut off', start);
  if (bytes.length > max * digestBytes) reader.fail('LIMIT', `more than ${max} digests`, start);
  return bytes;
}

function writeAddressees(writer: Writer, to: Addressees): void {
  writer.u8(addressing.indexOf(typeof to === 'string' ? to : 'list'));
  if (typeof to !== 'string') writeProcessors(writer, to);
}

function readAddressees(reader: Reader): Addressees {
  const to = readOneOf(reader, addressing);
  return to === 'list' ? readProcessors(reader) : to;
}
