/** The language-neutral examples of `vectors/ftmp`: fields are written by people, the bytes follow (`rewrite.ts`). */
import { readFileSync, writeFileSync } from 'node:fs';
import type { ByteOrder } from '@choir/bytes';
import {
  asRetransmission,
  type Body,
  type BodyRecord,
  checked,
  type Envelope,
  encode,
  groupId,
  type MessageTypeName,
  type Plain,
  type ProcessorId,
  processorId,
} from '../../src/index.ts';
import { processorFields } from '../../src/wire/record.ts';

export type HeaderRecord = {
  readonly minor: number;
  readonly retransmission: boolean;
  readonly safe: boolean;
  readonly source: string;
  readonly group: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ack: number;
};

export type MessageVector = {
  readonly name: string;
  readonly type: MessageTypeName;
  readonly header: HeaderRecord;
  readonly body: BodyRecord;
  readonly big: string;
  readonly little: string;
};

export type RefusedVector = {
  /** Of the page of the protocol. */
  readonly clause: string;
  readonly why: string;
  readonly code: string;
  /** In the words of this codec: nothing that others have to say. */
  readonly problem: string;
  readonly message: string;
};

export type CounterVector = { readonly low: number; readonly near: number; readonly whole: number };

export type DatagramVector = {
  readonly why: string;
  readonly datagram: string;
  /** Null for a datagram that is refused as `SEALED`. */
  readonly message: string | null;
};

export const orders: readonly ByteOrder[] = ['big', 'little'];

export const messageVectors = (): readonly MessageVector[] => read('messages');
export const refusedVectors = (): readonly RefusedVector[] => read('refused');
export const counterVectors = (): readonly CounterVector[] => read('counters');
export const datagramVectors = (): readonly DatagramVector[] => read('datagrams');

/** The bytes that the codec makes of a vector's fields. */
export function encoded({ type, header, body }: MessageVector, order: ByteOrder): Uint8Array {
  const { retransmission, source, group, ...rest } = header;
  const envelope: Envelope = {
    ...rest,
    order,
    source: processorOf(source),
    group: groupId(group),
  };
  const bytes = encode(envelope, bodyOf(type, body));
  return retransmission ? asRetransmission(bytes) : bytes;
}

/** The body that these plain fields are: the inverse of `bodyRecord`. */
export function bodyOf(type: MessageTypeName, record: BodyRecord): Body {
  const fields = Object.entries(record).map(([name, value]) => [
    name,
    revived(name, value, type !== 'announce' || name !== 'members'),
  ]);
  return { type, ...Object.fromEntries(fields) } as Body;
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Makes the bytes follow the fields again. */
export function rewriteVectors(): void {
  const messages = messageVectors().map((vector) => ({
    ...vector,
    big: toHex(encoded(vector, 'big')),
    little: toHex(encoded(vector, 'little')),
  }));
  write('messages', messages);
  const datagrams = datagramVectors().map((vector) =>
    vector.message === null
      ? vector
      : { ...vector, datagram: toHex(checked.seal(fromHex(vector.message))) },
  );
  write('datagrams', datagrams);
}

export function rewriteRefused(refused: readonly RefusedVector[]): void {
  write('refused', refused);
}

const octets: ReadonlySet<string> = new Set(['address', 'bytes', 'content', 'padding']);

function revived(name: string, value: Plain, mayBeProcessor: boolean): unknown {
  const isProcessor = mayBeProcessor && processorFields.has(name);
  if (typeof value === 'string') {
    if (octets.has(name)) return fromHex(value);
    return isProcessor ? processorOf(value) : value;
  }
  if (Array.isArray(value)) return value.map((each) => revived(name, each, mayBeProcessor));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([inner, each]) => [inner, revived(inner, each, true)]),
  );
}

function processorOf(text: string): ProcessorId {
  const [number = '', incarnation = ''] = text.split('.');
  return processorId(Number(number), Number.parseInt(incarnation, 16));
}

function read<Vector>(name: string): readonly Vector[] {
  return JSON.parse(readFileSync(fileOf(name), 'utf8'));
}

/** A line for each field of the outer object, so that a difference can be read. */
function write(name: string, vectors: readonly object[]): void {
  const rows = vectors.map((vector) => {
    const fields = Object.entries(vector).map(
      ([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
    );
    return `  {\n${fields.join(',\n')}\n  }`;
  });
  writeFileSync(fileOf(name), `[\n${rows.join(',\n')}\n]\n`);
}

function fileOf(name: string): URL {
  return new URL(`../../../../vectors/ftmp/${name}.json`, import.meta.url);
}
