/** Whatever text comes: no throw, a typed refusal, and nothing of it reaches a prototype. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromJson, Problems } from '../src/codec/index.ts';
import {
  type Codec,
  decodeJsonFrame,
  encodeJsonMessage,
  encodeMessage,
  fromClient,
  fromServer,
  limits,
  natural,
  optional,
  record,
} from '../src/index.ts';
import { valuesOf } from './arbitrary.ts';
import { codeOf, expectRefusal } from './refusals.ts';
import type { Kinded } from './tables.ts';

const sides = [
  ['client', fromClient as Codec<Kinded>],
  ['server', fromServer as Codec<Kinded>],
] as const;

function judge(codec: Codec<Kinded>, frame: string): 'taken' | 'refused' {
  const decoded = decodeJsonFrame(codec, frame, limits.frameBytes);
  if (!decoded.ok) {
    expectRefusal(decoded);
    return 'refused';
  }
  // What was taken satisfies every limit: it can be written in either rendering.
  for (const message of decoded.messages) {
    encodeMessage(codec, message);
    encodeJsonMessage(codec, message);
  }
  return 'taken';
}

const oddities: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, -1, 0, 1.5, 2 ** 53, 1e308, '', '..', '\ud800', '\u0000', '__proto__'],
    ...[[], [[]], {}, { base64: 'AA=' }, { base64: 'AAAA' }, { kind: 'bcast' }],
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Puts something odd into one place of a JSON value, or takes that place away. */
function damaged(json: unknown, path: readonly number[], odd: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof json !== 'object' || json === null) return odd;
  const entries = Object.entries(json);
  const chosen = entries[step % Math.max(entries.length, 1)];
  if (chosen === undefined) return odd;
  const [name, value] = chosen;
  const inside = damaged(value, rest, odd);
  if (Array.isArray(json)) return json.with(Number(name), inside);
  const others = entries.filter(([other]) => other !== name);
  return Object.fromEntries(odd === undefined ? others : [...others, [name, inside]]);
}

describe.each(sides)('a text frame for messages of a %s', (_side, codec) => {
  it('may be any text', () => {
    const lines = fc.oneof(fc.string(), fc.json());
    fc.assert(
      fc.property(lines, (frame) => {
        judge(codec, frame);
      }),
      { numRuns: 2_000 },
    );
  });

  it('may hold odd values anywhere', () => {
    const seen = { taken: 0, refused: 0 };
    const steps = fc.array(fc.nat(12), { minLength: 1, maxLength: 6 });
    const property = fc.property(valuesOf(codec), steps, oddities, (message, path, odd) => {
      const json: unknown = JSON.parse(encodeJsonMessage(codec, message));
      seen[judge(codec, JSON.stringify(damaged(json, path, odd)))]++;
    });
    fc.assert(property, { numRuns: 3_000 });
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(0);
  });

  it('cut short is refused', () => {
    const property = fc.property(valuesOf(codec), fc.nat(), (message, at) => {
      const frame = encodeJsonMessage(codec, message);
      const length = 1 + (at % (frame.length - 1));
      expect(codeOf(decodeJsonFrame(codec, frame.slice(0, length), limits.frameBytes))).toBe(
        'MALFORMED',
      );
    });
    fc.assert(property);
  });
});

function decode(line: string) {
  return decodeJsonFrame(fromClient, line, limits.frameBytes);
}

function refusalOf(line: string) {
  const decoded = decode(line);
  return decoded.ok ? null : decoded.refusal;
}

const volatile = (fields: string) => `{"kind":"volatile","group":"g"${fields}}`;
const ping = (nonce: string) => `{"kind":"ping","nonce":${nonce}}`;

describe('hostile JSON', () => {
  it.each([
    ['a list', '[]', 'the message is not an object'],
    ['null', 'null', 'the message is not an object'],
    ['a lone word', 'hello', 'the message is not JSON'],
    ['two values on a line', `${ping('1')} ${ping('2')}`, 'the message is not JSON'],
    ['no kind', '{}', 'kind is missing or unknown'],
    ['an inherited kind', '{"kind":"constructor"}', 'kind is missing or unknown'],
    ['kind __proto__', '{"kind":"__proto__"}', 'kind is missing or unknown'],
    ['kind of another type', '{"kind":["ping"],"nonce":1}', 'kind is missing or unknown'],
    ['kind on the prototype', '{"__proto__":{"kind":"bye"}}', 'kind is missing or unknown'],
    ['a field on the prototype', '{"kind":"ping","__proto__":{"nonce":1}}', 'nonce is missing'],
    ['a field missing', '{"kind":"ping"}', 'nonce is missing'],
    ['a negative number', ping('-1'), 'nonce is not an integer'],
    ['a fraction', ping('0.5'), 'nonce is not an integer'],
    ['2^53', ping('9007199254740992'), 'nonce is not an integer'],
    ['a number beyond all', ping('1e999'), 'nonce is not an integer'],
    ['a number as text', ping('"1"'), 'nonce is not an integer'],
    ['NaN', ping('NaN'), 'the message is not JSON'],
    ['half a surrogate pair', volatile(',"data":"\\ud83d"'), 'data contains half a surrogate'],
    ['a payload of another type', volatile(',"data":[1,2]'), 'data is neither a string nor'],
    ['base64 on the prototype', volatile(',"data":{"__proto__":{"base64":""}}'), 'data is neither'],
    ['bad base64', volatile(',"data":{"base64":"AB=="}'), 'data is not base64'],
    ['null for an optional field', '{"kind":"hello","version":1,"clientId":null}', 'clientId is'],
  ])('%s is MALFORMED', (_what, line, where) => {
    const refusal = refusalOf(line);
    expect(refusal?.code).toBe('MALFORMED');
    expect(refusal?.message).toContain(`line 1 of the frame: ${where}`);
  });

  it('says in which line and field it is', () => {
    const target = '{"group":"g","name":"n","created":0}';
    const join = `{"kind":"join","requestId":1,"groups":[${target},{"group":"g//h"}]}`;
    expect(refusalOf(`${ping('1')}\n\n${join}`)).toEqual({
      code: 'BAD_NAME',
      message:
        'line 3 of the frame: groups[1].group is not a group name: ' +
        'it has an empty segment (a leading, trailing or double slash)',
    });
  });

  it('ignores fields that it does not know, and copies none', () => {
    const extra = '"constructor":1,"__proto__":{"polluted":true},"later":{"deep":[{}]}';
    const decoded = decode(`{${extra},"kind":"ping","nonce":5}`);
    expect(decoded).toEqual({ ok: true, messages: [{ kind: 'ping', nonce: 5 }] });
    if (!decoded.ok) return;
    expect(Object.keys(decoded.messages[0] ?? {})).toEqual(['kind', 'nonce']);
    expect(Object.getPrototypeOf(decoded.messages[0])).toBe(Object.prototype);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('reads nothing that an object only inherits', () => {
    // JSON.parse makes `__proto__` a field like others; an object from elsewhere may have a prototype.
    const pathOf = (codec: Codec<unknown>, json: unknown) => {
      const problems = new Problems();
      fromJson(codec, json, problems);
      return problems.first?.path;
    };
    expect(pathOf(fromClient, Object.create({ kind: 'bye' }))).toBe('kind');
    const ping = Object.assign(Object.create({ nonce: 1 }), { kind: 'ping' });
    expect(pathOf(fromClient, ping)).toBe('nonce');
    const codec = record({ toString: optional(natural), constructor: optional(natural) });
    expect(pathOf(codec, {})).toBeUndefined();
    expect(Object.keys(fromJson(codec, {}, new Problems()))).toEqual([]);
  });

  it('takes numbers however they are spelled', () => {
    for (const nonce of ['3', '3.0', '3e0', '30e-1']) {
      expect(decode(ping(nonce))).toEqual({ ok: true, messages: [{ kind: 'ping', nonce: 3 }] });
    }
    const decoded = decode(ping('-0'));
    expect(decoded).toEqual({ ok: true, messages: [{ kind: 'ping', nonce: 0 }] });
  });

  it.each(['[', '{"a":', '[{"a":'])('is not parsed when it nests too deep: %s', (opening) => {
    for (const depth of [33, 100_000]) {
      const refusal = refusalOf(`{"kind":"bye","x":${opening.repeat(depth)}`);
      expect(refusal?.message).toContain('objects and lists inside each other');
    }
  });

  it('may hold brackets in strings', () => {
    const line = volatile(`,"data":"${'[{\\"'.repeat(100)}"`);
    expect(codeOf(decode(line))).toBe('taken');
  });

  it('may have empty lines and line ends of any system', () => {
    const messages = [{ kind: 'bye' }, { kind: 'bye' }];
    const bye = '{"kind":"bye"}';
    expect(decode(`\n${bye}\r\n \n${bye}\n`)).toEqual({ ok: true, messages });
    expect(decode('')).toEqual({ ok: true, messages: [] });
  });
});
