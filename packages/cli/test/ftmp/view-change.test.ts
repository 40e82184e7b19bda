/**
 * The captures that are kept of a real change of view, shown by `choir ftmp decode` and by tshark with the dissector.
 * `npm run capture -w @choir/drivers` records them anew.
 */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { run, temporaryFolder } from '../running/choir.ts';
import { decoded, expected, namesIn } from './expected-fields.ts';
import { fieldsOf, hasTshark, wordsOf } from './tshark.ts';
import { messagesOf, type Sent, type Successor, textsOf, type View } from './view-change.ts';

const clear = captureNamed('view-change');
const encrypted = captureNamed('view-change-encrypted');
const bytesMax = 60_000;
const detectionMs = 800;

if (!hasTshark) console.log('Skipped: the change of view in tshark (tshark is missing).');

function captureNamed(name: string): string {
  return fileURLToPath(new URL(`../../../../vectors/ftmp/${name}.pcap`, import.meta.url));
}

/** The key of the example in docs/protocol/ftmp-envelope.md. */
function withKey(): readonly string[] {
  const file = join(temporaryFolder(), 'cluster.key');
  const key = Buffer.from(Array.from({ length: 32 }, (_, at) => at)).toString('hex');
  writeFileSync(file, `1 ${key}\n`, { mode: 0o600 });
  return ['--key', file];
}

function inPhase(phase: string) {
  return ({ type, body }: Sent) => type === 'membership' && body['phase'] === phase;
}

describe.each([
  ['in the clear', clear, () => []],
  ['encrypted, with the key', encrypted, withKey],
] as const)('choir ftmp decode, %s', (_, capture, options) => {
  const told = async () => messagesOf(await decoded(capture, ...options()));

  test('finds a message in every datagram', async () => {
    expect(statSync(capture).size).toBeLessThan(bytesMax);
    const records = await decoded(capture, ...options());
    expect(records.length).toBeGreaterThan(50);
    expect(new Set(records.map(({ status }) => status))).toEqual(new Set(['message']));
  });

  test('tells the change of view from the silence of one to the messages of the others', async () => {
    const messages = await told();
    const [one, two, three] = [...new Set(messages.map(({ source }) => source))].toSorted();
    const all = [one, two, three];
    const survivors = [one, two];
    const isSaid = (sent: Sent, text: string) =>
      sent.type === 'regular' && textsOf(sent).some((said) => said.endsWith(text));
    const chapters = [
      messages.filter((sent) => isSaid(sent, ': hello')),
      messages.filter((sent) => isSaid(sent, ': three is dead')),
      messages.filter(({ type }) => type === 'suspect'),
      messages.filter(inPhase('propose')),
      messages.filter(inPhase('ready')),
      messages.filter(inPhase('installed')),
      messages.filter((sent) => isSaid(sent, ': we are two')),
    ];
    const sources = chapters.map((sent) => new Set(sent.map(({ source }) => source)));
    expect(sources).toEqual(
      [all, [one], survivors, survivors, survivors, survivors, survivors].map(
        (ids) => new Set(ids),
      ),
    );
    const begins = chapters.map(([first]) => (first === undefined ? -1 : messages.indexOf(first)));
    expect(begins).toEqual(begins.toSorted((a, b) => a - b));

    const [, , suspicions = [], proposals = []] = chapters;
    for (const { body } of suspicions) expect(body['suspects']).toEqual([three]);
    for (const { body } of proposals) {
      expect(body).toMatchObject({ members: all, proposed: survivors });
    }
    const silence = messages.findLast(({ source }) => source === three)?.time ?? 0;
    expect(suspicions[0]?.time).toBeLessThan(silence + detectionMs);
  });

  test('tells that both go on in one view, with the same messages of the one that is dead', async () => {
    const messages = await told();
    const agreed = messages.filter((sent) => inPhase('ready')(sent) || inPhase('installed')(sent));
    const [successor, ...others] = agreed.map(({ body }) => {
      const { successor } = body['accepted'] as { readonly successor: Successor };
      return successor;
    });
    for (const other of others) expect(other).toEqual(successor);
    const { cut, timestamp, members } = successor ?? { cut: [], timestamp: 0, members: [] };
    const dead = cut.find(({ source }) => !members.includes(source));
    const hello = messages.find((sent) => sent.type === 'regular' && sent.source === dead?.source);
    expect(hello).toBeDefined();
    expect(dead?.sequence).toBe(1);

    const view: View = { timestamp, processor: members[0] ?? '' };
    for (const { body } of messages.filter(inPhase('installed'))) {
      expect(body).toMatchObject({ view, members });
    }
    const beats = messages.filter(({ type }) => type === 'heartbeat');
    expect(beats[0]?.body['view']).not.toEqual(view);
    for (const member of members) {
      const last = beats.findLast(({ source }) => source === member);
      expect(last?.body).toMatchObject({ view, configuration: view });
    }
  });
});

test('without the key choir shows the heads of what is encrypted', async () => {
  const records = await decoded(encrypted);
  expect(new Set(records.map(({ status }) => status))).toEqual(new Set(['encrypted']));
});

describe.skipIf(!hasTshark)('tshark with the dissector', { timeout: 60_000 }, () => {
  const wrong = ['_ws.malformed', '_ws.lua.error', '_ws.expert.message'];

  test.each([
    ['in the clear', clear],
    ['encrypted', encrypted],
  ])('shows every datagram as choir does, %s', async (_, capture) => {
    const records = await decoded(capture);
    const fields = records.map(expected);
    const names = namesIn(fields);
    const shown = await fieldsOf(capture, names);
    expect(shown).toHaveLength(records.length);
    for (const [index, wanted] of fields.entries()) {
      for (const name of names) {
        expect(shown[index]?.get(name), `${index + 1}: ${name}`).toEqual(wanted.get(name) ?? []);
      }
    }
  });

  test.each([
    ['in the clear', clear],
    ['encrypted', encrypted],
  ])('finds nothing malformed, %s', async (_, capture) => {
    const fields = await fieldsOf(capture, wrong);
    const notes = fields.flatMap((each) => [...each.values()].flat());
    expect(notes.filter((note) => note !== 'Sent again')).toEqual([]);
  });

  test('has the first of the words of choir in its column Info', async () => {
    const { stdout } = await run(['ftmp', 'decode', clear]);
    const lines = stdout.trimEnd().split('\n');
    const shown = await wordsOf(clear);
    expect(shown).toHaveLength(lines.length);
    for (const [index, words] of shown.entries()) {
      expect(words).not.toBe('');
      expect(lines[index]).toContain(`  ${words}`);
    }
  });

  test('has the head of what is encrypted in its column Info, as choir has', async () => {
    const { stdout } = await run(['ftmp', 'decode', encrypted]);
    const shown = await fieldsOf(encrypted, ['_ws.col.Info']);
    expect(shown.map((fields) => fields.get('_ws.col.Info')?.[0])).toEqual(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(line.indexOf('encrypted'))),
    );
  });
});
