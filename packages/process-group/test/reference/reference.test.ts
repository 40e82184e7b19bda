/** docs/api/process-group.md is what the docstrings of the public declarations say, and they say enough. */
import { fileURLToPath } from 'node:url';
import { defaultSettings } from '@choir/ftmp';
import {
  anchor,
  type Declaration,
  docstringOf,
  pageText,
  publicDeclarations,
} from '@choir/testkit/reference';
import { describe, expect, test } from 'vitest';
import { groupCodes } from '../../src/group-codes.ts';

const [declarations = []] = publicDeclarations(
  {
    name: 'process-group',
    project: 'process-group.tsconfig.json',
    inside: ['drivers', 'ftmp'],
  },
  ['index'],
);

/** Given on from the packages below, which say what they are by their names and members. */
const given = [
  'ClusterKey',
  'DriverError',
  'DriverErrorCode',
  'GroupCounters',
  'GroupStatistics',
  'HostOptions',
  'NetworkOptions',
  'ProcessorId',
  'Settings',
  'Statistics',
  'readKeys',
];

const rows = Object.entries(groupCodes).map(
  ([code, { meaning, remedy }]) => `| \`${code}\` | ${meaning} | ${remedy} |`,
);

const opening = [
  'For Node.js. Begin with [joinGroup](#joingroup), for processes of one machine, or with [Transport](#transport).',
  'The [tutorial](../process-groups/tutorial.md) shows it step by step; what holds, to whom, is in [guarantees](../process-groups/guarantees.md). ' +
    'R1, T3 and the like are rules of [the design](../design/process-group.md).',
  'Whatever a group refuses is a [GroupError](#grouperror) with a stable `code`; what a transport refuses, a [DriverError](#drivererror). "Fails with" means that the ' +
    'promise is rejected with it, or that it is thrown where no promise is returned. A call that is given up by its signal fails with the reason of the signal: with what ' +
    '`AbortSignal.timeout` or `abort()` made, a TimeoutError or an AbortError, where nobody gave another.',
  ['| code | meaning | what to do |', '| --- | --- | --- |', ...rows].join('\n'),
].join('\n\n');

/** A range stands with each setting in the type. */
const defaults = [
  '## Defaults of the settings\n',
  'They suit a LAN and one machine.\n',
  '| setting | default |\n| --- | --- |',
  ...Object.entries(defaultSettings).map(
    ([name, value]) => `| \`${name}\` | ${value.toLocaleString('en')} |`,
  ),
].join('\n');

test('docs/api/process-group.md is fresh (vitest -u writes it)', async () => {
  const page = {
    madeIn: 'packages/process-group/test/reference',
    entry: '@choir/process-group',
    opening,
    declarations,
    elsewhere: new Map(declarations.map(({ name }) => [name, `#${anchor(name)}`])),
  };
  const url = new URL('../../../../docs/api/process-group.md', import.meta.url);
  await expect(`${pageText(page)}\n${defaults}\n`).toMatchFileSnapshot(fileURLToPath(url));
});

const own = declarations.filter(({ name }) => !given.includes(name));

describe('everything public is explained', () => {
  test('each declaration', () => {
    expect(own.filter(({ doc }) => doc === '').map(({ name }) => name)).toEqual([]);
  });

  test('each member of a class', () => {
    const silent = own.flatMap(({ name, members }) =>
      members
        .filter((member) => member.doc === '' && !isPlain(member.name))
        .map((member) => `${name}.${member.name}`),
    );
    expect(silent).toEqual([]);
  });

  test('with sentences, and with codes that exist', () => {
    const driver = declarations.find(({ name }) => name === 'DriverErrorCode');
    for (const doc of own.flatMap(docsOf)) {
      const { text, throws, parameters } = docstringOf(doc);
      // A constructor says what it is given.
      expect(text, doc).toMatch(parameters.length > 0 ? /[.:!]$|^$/ : /[.:!]$/);
      for (const [code] of throws.matchAll(/\bgroup-[a-z-]+/g)) {
        expect(Object.keys(groupCodes), doc).toContain(code);
      }
      for (const [code] of throws.matchAll(/\bdrivers-[a-z-]+/g)) {
        expect(driver?.text, doc).toContain(code);
      }
    }
  });

  test('that is not a handful of names', () => {
    expect(own.length).toBeGreaterThan(35);
    expect(own.find(({ name }) => name === 'ProcessGroup')?.members.length).toBeGreaterThan(10);
  });
});

/** Says itself what it is. */
function isPlain(member: string): boolean {
  return ['constructor', 'name', 'safe'].includes(member);
}

function docsOf({ doc, members }: Declaration): readonly string[] {
  return [doc, ...members.map((member) => member.doc)].filter((each) => each !== '');
}
