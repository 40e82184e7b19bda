/** Each clause of the page is checked, or it is said why not and what holds it instead. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { clauses, clausesOf, notChecked, serverCases } from '../src/index.ts';

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
  for (const { clauses: named, title } of serverCases) {
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

test('docs/protocol/conformance.md is fresh (vitest -u writes it)', async () => {
  const rows = known.map(({ id }) => {
    const cases = serverCases.filter((each) => each.clauses.includes(id));
    const titles = cases.map(({ title }) => title).map((title) => title.replaceAll('|', '\\|'));
    return `| ${id} | ${titles.length > 0 ? titles.join('<br>') : `not here: ${notChecked[id]}`} |`;
  });
  const text = [
    '<!-- Made by `vitest run packages/conformance -u`. -->',
    '',
    '# What checks the protocol',
    '',
    'Every clause of [client-server.md](client-server.md) by its number. `npm run conformance -- --server',
    'ws://HOST:PORT` carries out these dialogues with any server, each in both renderings, and tells the',
    'result clause by clause; `--help` tells the rest. Where a clause speaks of clients, the dialogue checks what',
    'a server owes to one that keeps it.',
    '',
    'For a client in another language: `vectors/protocol` has examples of every message in both renderings,',
    'frames to be refused with the clause that they break, and names. `examples/python` is such a client, in',
    'one file; its test shows what to try: a server that is killed, a connection that is lost at every point.',
    '',
    '| clause | checked by |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
  const page = fileURLToPath(new URL('docs/protocol/conformance.md', root));
  await expect(text).toMatchFileSnapshot(page);
});
