/** docs/api is what the docstrings of the public declarations say, and they say enough. */
import { fileURLToPath } from 'node:url';
import { codes } from '@choir/protocol';
import {
  anchor,
  type Declaration,
  docstringOf,
  madeBy,
  pageText,
  publicDeclarations,
} from '@choir/testkit/reference';
import { describe, expect, test } from 'vitest';
import { clientCodes } from '../../src/index.ts';

function pathOf(page: string): string {
  return fileURLToPath(new URL(`../../../../docs/api/${page}.md`, import.meta.url));
}

const [client = [], node = [], browser = []] = publicDeclarations(
  { name: 'client', project: 'tsconfig.json' },
  ['index', 'node/index', 'browser/index'],
);
const madeIn = 'packages/client/test/reference';

const wire = '../protocol/client-server.md';
const elsewhere = new Map([
  ...client.map(({ name }) => [name, `client.md#${anchor(name)}`] as const),
  ['Code', 'README.md#codes'],
  ['Event', `${wire}#events-of-a-delivery`],
  ...['Holder', 'Position', 'Property', 'MemberInfo', 'LockInfo'].map(
    (name) => [name, `${wire}#records`] as const,
  ),
  ...['GroupName', 'ObjectId', 'ClientId'].map((name) => [name, `${wire}#names`] as const),
  ...['LocalId', 'LockSetId'].map((name) => [name, `${wire}#binary`] as const),
  ['SubmissionBody', `${wire}#submission-bodies`],
  ['UpdateKind', `${wire}#parts-of-a-message`],
]);

const pages = {
  client: {
    madeIn,
    entry: '@choir/client',
    opening: 'For browsers and Node.js. Begin with [connect](client.md#connect).',
    declarations: client,
    elsewhere,
  },
  node: {
    madeIn,
    entry: '@choir/client/node',
    opening: 'What Node.js has in addition.',
    declarations: node,
    elsewhere,
  },
  browser: {
    madeIn,
    entry: '@choir/client/browser',
    opening: 'What browsers have in addition.',
    declarations: browser,
    elsewhere,
  },
};

test.each(Object.entries(pages))(
  'docs/api/%s.md is fresh (vitest -u writes it)',
  async (name, page) => {
    await expect(pageText(page)).toMatchFileSnapshot(pathOf(name));
  },
);

test('docs/api/README.md is fresh (vitest -u writes it)', async () => {
  await expect(overview()).toMatchFileSnapshot(pathOf('README'));
});

const all = [...client, ...node, ...browser];

describe('everything public is explained', () => {
  test('each declaration', () => {
    expect(all.filter(({ doc }) => doc === '').map(({ name }) => name)).toEqual([]);
  });

  test('each member of a class or interface', () => {
    const silent = all.flatMap(({ name, members, interfaces }) => {
      // What an interface says its classes need not say again.
      const said = all.filter((each) => interfaces.includes(each.name));
      const known = ['constructor', ...said.flatMap((each) => each.members.map((one) => one.name))];
      return members
        .filter((member) => member.doc === '' && !known.includes(member.name))
        .map((member) => `${name}.${member.name}`);
    });
    expect(silent).toEqual([]);
  });

  test('with sentences, and with codes that exist', () => {
    for (const doc of all.flatMap(docsOf)) {
      const { text, throws } = docstringOf(doc);
      expect(text).toMatch(/[.:!]$|```$/);
      for (const [code] of throws.matchAll(/\b[A-Z]{3,}[A-Z_]+\b/g)) {
        expect({ ...codes, ...clientCodes }, doc).toHaveProperty(code);
      }
    }
  });

  test('that is not a handful of names', () => {
    expect(client.length).toBeGreaterThan(40);
    expect(client.find(({ name }) => name === 'Group')?.members.length).toBeGreaterThan(10);
  });
});

function docsOf({ doc, members }: Declaration): readonly string[] {
  return [doc, ...members.map((member) => member.doc)].filter((each) => each !== '');
}

function overview(): string {
  const list = Object.entries(pages).map(
    ([name, { entry, opening }]) => `- [\`${entry}\`](${name}.md): ${opening}`,
  );
  const rows = (table: Readonly<Record<string, string>>) =>
    Object.entries(table).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return [
    `${madeBy(madeIn)}\n`,
    '# The API of the client\n',
    'How a program uses Choir. The [tutorial](../tutorial.md) shows it step by step; what holds whatever',
    'happens is in [promises.md](../promises.md). `npm run pack` makes a file that other projects install.\n',
    ...list.map((each) => each),
    '\nThe [API of process groups](process-group.md), programs that find each other without a server, is another one.',
    '\n## How it fails\n',
    'Whatever fails is a [ChoirError](client.md#choirerror) with a stable `code`. "Fails with" in these pages',
    'means that the promise is rejected with it, or that it is thrown where no promise is returned.\n',
    '### Codes\n',
    'Those of the client itself:\n',
    '| code | meaning |\n| --- | --- |',
    ...rows(clientCodes),
    '\nThose that a server gives:\n',
    '| code | meaning |\n| --- | --- |',
    ...rows(codes),
    '',
  ].join('\n');
}
