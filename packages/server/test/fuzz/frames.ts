/**
 * Frames that nobody should send: the examples of the protocol, broken in their bytes or in their values, alone or
 * several in one frame, in both renderings. Every other one can still be decoded.
 */
import { readFileSync } from 'node:fs';
import { decodeFrame, decodeJsonFrame, fromClient, limits } from '@choir/protocol';
import type { Random } from '@choir/testkit';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type Example = { readonly json: { readonly [name: string]: Json }; readonly binary: string };

export type Rendering = 'binary' | 'json';

/** What a client may say counts twice; what only a server says is refused. */
const examples = ['from-client', 'from-client', 'from-server'].flatMap((table) => {
  const file = new URL(`../../../../vectors/protocol/${table}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Example[];
});
/** All but those that end the connection. */
const lasting = examples.filter(({ json }) => json['kind'] !== 'bye' && json['kind'] !== 'hello');

const numbers = [0, -1, 1, 127, 128, 16_384, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e300, 0.5];
const texts = [
  '',
  'target',
  '../../etc',
  '__proto__',
  'a/../b',
  '\u0000',
  '\u202e',
  '😀'.repeat(80),
];

export class Frames {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  next(rendering: Rendering): Uint8Array | string {
    return rendering === 'json' ? this.#json() : this.#binary();
  }

  #example(): Example {
    return this.#random.pick(this.#random.chance(0.05) ? examples : lasting);
  }

  #binary(): Uint8Array {
    const random = this.#random;
    const count = random.chance(0.8) ? 1 : random.int(2, 6);
    const messages = Array.from({ length: count }, () => {
      const bytes = Buffer.from(this.#example().binary, 'hex');
      return random.chance(0.3) ? this.#broken(bytes) : bytes;
    });
    // A frame is its messages, each behind its length.
    const frame = Buffer.concat(messages.flatMap((each) => [lengthOf(each.length), each]));
    return random.chance(0.1) ? this.#broken(frame) : frame;
  }

  #broken(bytes: Buffer): Buffer {
    const random = this.#random;
    const copy = Buffer.from(bytes);
    switch (random.int(0, 5)) {
      case 0:
        return copy.subarray(0, random.int(0, copy.length));
      case 1:
        return Buffer.concat([copy, random.bytes(random.int(1, 40))]);
      case 2:
        return Buffer.from(random.bytes(random.int(1, 200)));
      case 3: {
        const from = random.int(0, copy.length);
        return Buffer.concat([copy.subarray(0, from), copy.subarray(random.int(0, copy.length))]);
      }
      default:
        for (let flips = random.int(1, 4); flips > 0 && copy.length > 0; flips -= 1) {
          const at = random.int(0, copy.length - 1);
          const flipped = (copy[at] ?? 0) ^ (1 << random.int(0, 7));
          copy[at] = random.pick([flipped, 0, 0x7f, 0x80, 0xff]);
        }
        return copy;
    }
  }

  #json(): string {
    const random = this.#random;
    const { json } = this.#example();
    const text = JSON.stringify(random.chance(0.4) ? this.#other(json, 0) : json);
    if (random.chance(0.8)) return text;
    const at = random.int(0, text.length);
    const odd = random.pick(['{', '"', '\\u0000', ',', '1e999', '[[[[', 'null']);
    return text.slice(0, at) + odd + text.slice(random.int(at, text.length));
  }

  /** The same value with something in it replaced. */
  #other(value: Json, depth: number): Json {
    const random = this.#random;
    if (typeof value === 'object' && value !== null && random.chance(0.8)) {
      if (Array.isArray(value)) {
        const items = value.map((item) => this.#other(item, depth + 1));
        if (!random.chance(0.1)) return items;
        return Array.from({ length: random.pick([300, 300, 300, 3_000]) }, () => items[0] ?? 0);
      }
      const fields = Object.entries(value).filter(() => !random.chance(0.05));
      const place = random.int(0, Math.max(0, fields.length - 1));
      return Object.fromEntries(
        fields.map(([name, field], index) => [
          random.chance(0.02) ? '__proto__' : name,
          // The kind is kept more often than not: the fields of a known message are worth more.
          index === place && (name !== 'kind' || random.chance(0.2))
            ? this.#other(field, depth + 1)
            : field,
        ]),
      );
    }
    return random.pick<Json>([
      random.pick(numbers),
      random.pick(texts),
      random.chance(0.5),
      null,
      [],
      {},
      value,
    ]);
  }
}

/** Whether a server has to end the connection of who sends this. */
export function isRefused(frame: Uint8Array | string): boolean {
  const decoded =
    typeof frame === 'string'
      ? // As it arrives: half a surrogate pair does not.
        decodeJsonFrame(fromClient, Buffer.from(frame).toString(), limits.frameBytes)
      : decodeFrame(fromClient, frame, limits.frameBytes);
  return !decoded.ok;
}

function lengthOf(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length;
  for (; rest > 127; rest >>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
