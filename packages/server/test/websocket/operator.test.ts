import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { askOperator } from '@choir/server';
import { expect, test } from 'vitest';
import { running, temporaryFolder } from './running.ts';

/** Everything that the socket answers to these bytes. */
async function answered(data: string, bytes: string): Promise<string> {
  const socket = connect(join(data, 'admin.sock'));
  socket.setEncoding('utf8');
  let text = '';
  socket.on('data', (part: string) => {
    text += part;
  });
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return text;
}

test('what is no request of the operator is refused, and what is too long is cut off', async () => {
  const data = temporaryFolder();
  await running({ data });
  for (const line of ['', 'x', '{}', '[]', 'null', '{"kind":"backup","to":"relative"}']) {
    expect(JSON.parse(await answered(data, `${line}\n`)), line).toMatchObject({
      kind: 'refused',
      code: 'MALFORMED',
    });
  }
  expect(await answered(data, 'x'.repeat(100_000))).toBe('');
  expect(await askOperator(data, { kind: 'groups' })).toEqual({ kind: 'groups', groups: [] });
});

test('two backups at once: the second is refused', async () => {
  const data = temporaryFolder();
  await running({ data });
  const to = temporaryFolder();
  const kinds = await Promise.all(
    ['a', 'b'].map((name) => askOperator(data, { kind: 'backup', to: join(to, name) })),
  );
  expect(kinds).toContainEqual({ kind: 'done' });
  expect(kinds).toContainEqual(expect.objectContaining({ code: 'BUSY' }));
});

test('where no server runs nobody answers', async () => {
  expect(await askOperator(temporaryFolder(), { kind: 'groups' })).toBe(null);
});

test('a data directory whose path is too long for a socket is served without one', async () => {
  const data = join(temporaryFolder(), 'x'.repeat(120));
  const lines: string[] = [];
  const note = (_: object, what: string): void => void lines.push(what);
  await running({ data, log: { debug: note, info: note, warn: note, error: note } });
  expect(lines.join()).toContain('too long for a socket');
});
