/** The rules of names, N1–N4 of `docs/protocol/client-server.md`, and where they are checked. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  clientId,
  clientIdProblem,
  decodeFrame,
  decodeJsonFrame,
  displayName,
  displayNameProblem,
  encodeMessage,
  groupName,
  nameProblem,
  objectId,
  parseClientId,
  parseGroupName,
  parseObjectId,
  record,
  relation,
  text,
} from '../src/index.ts';

type Row = {
  readonly text: string;
  readonly group: boolean;
  readonly client: boolean;
  readonly display: boolean;
};

const rules: readonly Row[] = JSON.parse(
  readFileSync(new URL('../../../vectors/protocol/names.json', import.meta.url), 'utf8'),
);

describe.each(rules)('the name $text', ({ text: name, group, client, display }) => {
  it(`is ${group ? '' : 'no '}group name and object id (N1, N2)`, () => {
    expect(nameProblem(name) === null).toBe(group);
    expect(parseGroupName(name)).toBe(group ? name : null);
    expect(parseObjectId(name)).toBe(group ? name : null);
  });

  it(`is ${client ? '' : 'no '}client id (N3)`, () => {
    expect(clientIdProblem(name) === null).toBe(client);
    expect(parseClientId(name)).toBe(client ? name : null);
  });

  it(`is ${display ? '' : 'no '}display name (N4)`, () => {
    expect(displayNameProblem(name) === null).toBe(display);
  });
});

describe('a message with a bad name is refused as BAD_NAME', () => {
  const codecs = { groupName, objectId, clientId, displayName };
  const anything = record({ name: text(1_000) });

  it.each(Object.entries(codecs))('%s', (_what, codec) => {
    const strict = record({ name: codec });
    for (const name of ['', 'a\\b', 'x'.repeat(201)]) {
      const frame = encodeMessage(anything, { name });
      const refused = { ok: false, refusal: { code: 'BAD_NAME' } };
      expect(decodeFrame(strict, frame, 1_000)).toMatchObject(refused);
      expect(decodeJsonFrame(strict, JSON.stringify({ name }), 1_000)).toMatchObject(refused);
    }
    const lone = decodeJsonFrame(strict, '{"name":"\\ud800"}', 1_000);
    expect(lone).toMatchObject({ ok: false, refusal: { code: 'BAD_NAME' } });
  });

  it.each(Object.entries(codecs))('%s that is no text is MALFORMED', (_what, codec) => {
    const malformed = { ok: false, refusal: { code: 'MALFORMED' } };
    const strict = record({ name: codec });
    expect(decodeFrame(strict, Uint8Array.of(2, 1, 0xff), 100)).toMatchObject(malformed);
    expect(decodeFrame(strict, Uint8Array.of(2, 9, 0x61), 100)).toMatchObject(malformed);
    expect(decodeJsonFrame(strict, '{"name":1}', 100)).toMatchObject(malformed);
  });
});

describe('related groups', () => {
  it.each([
    ['team', 'team'],
    ['team/a', 'team'],
    ['team/a/b', 'team'],
    ['teams', 'teams'],
  ])('%s belongs to %s', (name, expected) => {
    const group = parseGroupName(name);
    expect(group === null ? null : relation(group)).toBe(expected);
  });
});
