/** The rules of names, N1–N4 of `docs/protocol/client-server.md`, and where they are checked. */
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

const all = { group: true, client: true, display: true };
const none = { group: false, client: false, display: false };

const rules: readonly Row[] = [
  { text: 'a', ...all },
  { text: 'Team-1_x.y:z@w', ...all },
  { text: '-', ...all },
  { text: '...', ...all },
  { text: 'été', ...all },
  { text: '会議', ...all },
  { text: '👩‍🚀', ...all },
  { text: 'x'.repeat(64), ...all },
  { text: 'é'.repeat(32), ...all },
  { text: 'x'.repeat(65), ...none, group: true },
  { text: `${'é'.repeat(32)}x`, ...none, group: true },
  { text: 'x'.repeat(200), ...none, group: true },
  { text: 'é'.repeat(100), ...none, group: true },
  { text: 'x'.repeat(201), ...none },
  { text: `${'é'.repeat(100)}x`, ...none },
  { text: 'team/a/b', ...all, client: false },
  { text: 'a/.hidden', ...all, client: false },
  { text: 'Ada Lovelace', ...all, client: false },
  { text: 'a/..b', ...all, client: false },
  { text: 'a\u200cb', ...all },
  { text: 'a\u200bb', ...none },
  { text: 'a\u00adb', ...none },
  { text: 'a\u200eb', ...none },
  { text: '', ...none },
  { text: '/', ...none, display: true },
  { text: '/a', ...none, display: true },
  { text: 'a/', ...none, display: true },
  { text: 'a//b', ...none, display: true },
  { text: 'a/../b', ...none, display: true },
  { text: 'a/.', ...none, display: true },
  { text: '.', ...none },
  { text: '..', ...none },
  { text: ' a', ...none },
  { text: 'a ', ...none },
  { text: '\u00a0a', ...none },
  { text: 'a\\b', ...none },
  { text: 'a\nb', ...none },
  { text: 'a\u0000', ...none },
  { text: 'a\u007f', ...none },
  { text: 'a\u0085b', ...none },
  { text: 'a\u2028b', ...none },
  { text: 'a\u202eb', ...none },
  { text: 'a\u2066b', ...none },
  { text: 'a\ufeffb', ...none },
  { text: 'a\ud800', ...none },
  { text: '\udc00a', ...none },
];

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
