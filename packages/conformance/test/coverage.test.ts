/** Each clause of the page is checked, or it is said why not and what holds it instead. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { clauses, clausesOf, clientCases, notChecked, serverCases } from '../src/index.ts';

const root = new URL('../../../', import.meta.url);
const known = clauses();
const ids = known.map(({ id }) => id);
const checked = new Set(serverCases.flatMap((each) => each.clauses));

test('the numbers of the page are unique, and many', () => {
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThan(60);
  expect(clausesOf('- **X1** One\n  more.\n- **X2** Two.\n')).toEqual([
    { id: 'X1', text: 'One more.' },
    { id: 'X2', text: 'Two.' },
  ]);
});

test('each clause is checked, or in the list of those that are not', () => {
  const lists = ids.map((id) => [id, checked.has(id), id in notChecked]);
  expect(lists.filter(([, isChecked, isListed]) => isChecked === isListed)).toEqual([]);
});

test('each case is for clauses that exist, and says what in words of its own', () => {
  for (const { clauses: named, title } of [...serverCases, ...clientCases]) {
    expect(named.length).toBeGreaterThan(0);
    for (const id of named) expect(ids).toContain(id);
    expect(title).not.toMatch(/\.$/);
  }
});

test('what is named for the others exists', () => {
  for (const why of Object.values(notChecked)) {
    const files = [...why.matchAll(/`([\w/-]+\.test\.ts)`/g)];
    for (const [, file = ''] of files)
      expect([file, existsSync(new URL(file, root))]).toEqual([file, true]);
  }
});

function titlesFor(id: string, cases: readonly { clauses: readonly string[]; title: string }[]) {
  return cases
    .filter((each) => each.clauses.includes(id))
    .map(({ title }) => title.replaceAll('|', '\\|'))
    .join('<br>');
}

test('docs/protocol/conformance.md is fresh (vitest -u writes it)', async () => {
  const rows = known.map(({ id }) => {
    const ofServer = titlesFor(id, serverCases) || `not here: ${notChecked[id]}`;
    return `| ${id} | ${ofServer} | ${titlesFor(id, clientCases)} |`;
  });
  const page = fileURLToPath(new URL('docs/protocol/conformance.md', root));
  await expect(`${opening}${rows.join('\n')}\n`).toMatchFileSnapshot(page);
});

const opening = `<!-- Made by \`vitest run packages/conformance -u\`. -->

# What checks the protocol

Every clause of [client-server.md](client-server.md) by its number, and what is tried for it.

## A server

\`\`\`
npm run conformance -- --server ws://HOST:PORT
\`\`\`

carries out dialogues with any server, each in both renderings, and tells the result clause by clause. The
server should be one that nobody else needs: groups and clients are left behind. Where it asks for
credentials, \`--token\` is one that grants everything. \`--clause M4\` tries that clause only, \`--json\` prints
an object for each, and the exit code is 1 when one failed.

## A client

\`\`\`
npm run conformance -- --client 'python3 examples/python/orders.py'
\`\`\`

starts that command for each case, and plays the server. The address is in \`CHOIR_SERVER\`. The program takes
orders on its standard input and tells what happened on its standard output, as one JSON object per line; when
its input ends it closes the client.

| order | |
| --- | --- |
| \`{"do":"join","group":"g"}\` | joins, and stays a member over all connections |
| \`{"do":"broadcast","group":"g","text":"hi"}\` | sends one message |

| event | |
| --- | --- |
| \`{"event":"joined","about":["g"]}\` | the block of the group has ended |
| \`{"event":"message","about":["g","c-1","hi"]}\` | somebody's message, with its sender |
| \`{"event":"settled","about":[1]}\` | the own submission of that local id took effect |
| \`{"event":"refused","about":[1,"FORBIDDEN"]}\` | it did not and will not |
| \`{"event":"ended","about":["VERSION"]}\` | the client does not come back |

Other events mean nothing. A client may speak either rendering. To check the encoding by itself there is
\`vectors/protocol\`: examples of every message in both renderings, frames that must be refused, each with the
clause that it breaks and the code, and names that are good or bad, all as JSON.

[examples/python](../../examples/python/README.md) is a client that passes, in two files without dependencies.

## The clauses

| clause | a server | a client |
| --- | --- | --- |
`;
