/** Writes docs/errors.md: what users are told when something is wrong, from real runs. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { messageCapture } from '../ftmp/vector-capture.ts';
import { choir, run, temporaryFolder } from '../running/choir.ts';
import { startServer } from '../running/server.ts';
import { Transcript } from './transcript.ts';

const page = fileURLToPath(new URL('../../../../docs/errors.md', import.meta.url));

test('what users are told is as docs/errors.md has it (vitest -u writes it)', {
  timeout: 120_000,
}, async () => {
  const transcript = new Transcript(
    '# What choir says when something is wrong',
    '',
    'Written by a test from real runs; ports, folders and process ids are evened out.',
  );
  const server = await startServer();
  const folder = temporaryFolder();
  const state = join(folder, 'state');
  const environment = { CHOIR_SERVER: server.url, CHOIR_STATE: state };
  const port = new URL(server.url).port;
  transcript.replace(server.url, 'ws://127.0.0.1:7400');
  transcript.replace(port, '7400');
  transcript.replace(server.data, 'groups');
  transcript.replace(`${folder}/`, '');
  transcript.replace(String(server.process.pid), '4711');
  transcript.replace(/x{1000,}/g, 'xxx…');
  transcript.replace(/(?<=open\/choir-)\w+/g, '1000');
  transcript.replace(/(?<=for others: 127.0.0.1:)\d+/g, '7500');
  transcript.replace(/"time":\d+/g, '"time":1795269687000');
  transcript.replace(/c-[a-z2-7]{16}/g, 'c-irbvcidmqwyngiiw');
  // Told where the machine is so busy that an answer takes more than a second.
  transcript.replace(/^no answer from \S+ yet;.*\nconnected to .*\n/gm, '');
  const show = async (title: string, args: readonly string[], input = '', more = {}) => {
    transcript.title(title);
    transcript.add(args, await run(args, { input, environment: { ...environment, ...more } }));
  };

  await show('A command that does not exist', ['sned', 'lobby', 'hello']);
  await show('An option that does not exist', ['log', 'lobby', '--folow']);
  await show('A word that is missing', ['lock', 'team', '--', './deploy.sh']);
  await show('A group name that breaks the rules', ['send', 'team//design', 'hello']);
  await show('A value that is none', ['send', 'lobby', 'hello', '--timeout', 'soon']);
  await show('No server there', ['send', 'lobby', 'hello', '--timeout', '1s'], '', {
    CHOIR_SERVER: 'ws://127.0.0.1:9',
  });
  await show('An object that does not exist', ['object', 'team', 'notes', 'get']);
  await show('A message that is too large', ['send', 'lobby'], `${'x'.repeat(2 ** 20 + 1)}\n`);

  const holder = choir(
    [
      'lock',
      'team',
      'deploy',
      '--id',
      'ann',
      '--json',
      '--',
      process.execPath,
      '-e',
      'process.stdin.resume()',
    ],
    environment,
  );
  await holder.json({ type: 'lock', status: 'held' });
  transcript.replace(String(holder.pid), '4712');
  await show('A lock that somebody else has', [
    'lock',
    'team',
    'deploy',
    '--no-wait',
    '--',
    './deploy.sh',
  ]);
  await show('An object that somebody else has locked', ['object', 'team', 'deploy', 'set', 'x']);
  await show('An identity that another process uses', ['send', 'lobby', 'hello', '--id', 'ann']);
  await show('An identity of somebody else', ['send', 'lobby', 'hello', '--id', 'ann'], '', {
    CHOIR_STATE: join(folder, 'elsewhere'),
  });
  holder.endInput();
  await holder.ended();

  const guarded = await guardedServer(folder);
  transcript.replace(guarded.url, 'ws://127.0.0.1:7401');
  const there = ['--server', guarded.url];
  await show('A server that asks for a token', ['send', 'lobby', 'hello', ...there]);
  await show('A token of another issuer', ['send', 'lobby', 'hello', ...there], '', {
    CHOIR_TOKEN: guarded.foreign,
  });
  await show('A token that does not grant it', ['send', 'lobby', 'hello', ...there], '', {
    CHOIR_TOKEN: guarded.token,
  });
  await show('A token that is none', ['send', 'lobby', 'hello', '--token', 'secret']);
  await show('A server that others could reach', ['serve', '--host', '0.0.0.0']);
  await show('A server whose tokens others could read', [
    'serve',
    '--host',
    '0.0.0.0',
    '--token-keys',
    guarded.keys,
  ]);

  const settings = join(folder, 'serve.json');
  writeFileSync(settings, JSON.stringify({ port: 7500, 'tokn-keys': 'keys.public.json' }));
  await show('A setting that does not exist', ['serve', '--config', settings]);
  writeFileSync(settings, JSON.stringify({ port: '7500' }));
  await show('A setting of the wrong type', ['serve', '--config', settings]);

  await show('A port that is taken', ['serve', '--port', port, '--data', join(folder, 'new')]);
  await show('A data directory that is in use', ['serve', '--port', '0', '--data', server.data]);
  writeFileSync(join(folder, 'file'), '');
  await show('A data directory that is none', ['serve', '--data', join(folder, 'file')]);
  const damaged = await damagedData(join(folder, 'damaged'));
  await show('A damaged journal', ['serve', '--data', damaged]);
  await show('What is left of it', ['admin', 'check', '--data', damaged]);
  await show('What precedes the damage', ['admin', 'export', '--data', damaged]);
  await show('The journal of a server that runs', ['admin', 'export', '--data', server.data]);
  await show('A backup that would overwrite something', [
    'admin',
    'backup',
    state,
    '--data',
    server.data,
  ]);
  await show('A journal that is none', ['admin', 'check', '--data', join(folder, 'none')]);

  await show('A capture that is none', ['ftmp', 'decode', settings]);
  const capture = join(folder, 'view.pcap');
  const cut = join(folder, 'cut.pcap');
  writeFileSync(cut, messageCapture().subarray(0, 200));
  await show('A capture that ends within a packet', ['ftmp', 'decode', cut], '', { TZ: 'UTC' });
  await show('A capture that is not there', ['ftmp', 'decode', capture]);
  await show('A capture that is a directory', ['ftmp', 'decode', state]);
  await show('Keys that are none', ['ftmp', 'decode', cut, '--key', join(folder, 'file')]);
  await show('A capture and an address', ['ftmp', 'decode', capture, '--listen', '127.0.0.1:0']);
  await showGroups(folder, show);
  await showUnsent(folder, transcript);
  expect(transcript.text).not.toContain(folder);
  await expect(transcript.text).toMatchFileSnapshot(page);
});

type Show = (
  title: string,
  args: readonly string[],
  input?: string,
  more?: NodeJS.ProcessEnv,
) => Promise<void>;

/** What is wrong with process groups. */
async function showGroups(folder: string, show: Show): Promise<void> {
  const here = { CHOIR_RUNTIME: join(folder, 'runtime') };
  await show('A process group without a name', ['group', 'join'], '', here);
  await show('A name that is too long', ['group', 'join', 'x'.repeat(10_000)], '', here);
  const open = join(folder, 'open');
  mkdirSync(open);
  chmodSync(open, 0o755);
  await show('A run-time directory that others can read', ['group', 'join', 'lobby'], '', {
    CHOIR_RUNTIME: open,
  });
  const nameless = ['group', 'join', 'lobby', '--id', ' '];
  await show('A label that shows nothing', nameless, '', here);
  await show('A time-out of nothing', ['group', 'join', 'lobby', '--timeout', '0'], '', here);
  const seed = ['--seed', '192.0.2.7:7500'];
  await show('A seed, and nowhere to be reached', ['group', 'join', 'lobby', ...seed], '', here);
  const listen = ['--listen', '192.0.2.8'];
  await show('An address without keys', ['group', 'join', 'lobby', ...listen, ...seed], '', here);
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann', '--json'], here);
  await ann.json({ type: 'view', id: 1 });
  const again = ['group', 'join', 'lobby', '--id', 'ann', '--timeout', '8s'];
  await show('A label that another member has', again, '', here);
  const key = join(folder, 'cluster.key');
  writeFileSync(key, `1 ${'5a'.repeat(32)}\n`, { mode: 0o600 });
  const nowhere = ['--listen', '127.0.0.1', '--key', key, '--seed', '127.0.0.1:9'];
  const alone = ['group', 'join', 'lobby', ...nowhere, '--timeout', '1s'];
  await show('Nobody at the seed', alone, '', here);
  const bare = ['--listen', '127.0.0.1', '--key', key, '--seed', '127.0.0.1'];
  const both = [...nowhere, '--multicast', '239.1.2.3'];
  await show('Seeds, and multicast', ['group', 'join', 'lobby', ...both], '', here);
  const ported = ['--listen', '192.0.2.7:7500', '--multicast', '239.1.2.3', '--key', key];
  await show('Multicast, and a port of its own', ['group', 'join', 'lobby', ...ported], '', here);
  await show('A seed without a port', ['group', 'join', 'lobby', ...bare], '', here);
  const every = ['--listen', '0.0.0.0:7500', '--key', key, ...seed];
  await show('An address of all interfaces', ['group', 'join', 'lobby', ...every], '', here);
  const own = ['--listen', '192.0.2.7:7500', '--key', key, ...seed];
  await show('A seed that is the process itself', ['group', 'join', 'lobby', ...own], '', here);
  const none = [
    '--listen',
    '127.0.0.1',
    '--key',
    join(folder, 'none.key'),
    '--seed',
    '127.0.0.1:9',
  ];
  await show('A key file that is not there', ['group', 'join', 'lobby', ...none], '', here);
  const long = 'x'.repeat(16 * 1024 ** 2 + 1);
  const one = ['group', 'join', 'yard', '--id', 'ann', '--leave-at-eof'];
  await show('A line that is longer than a message', one, `short\n${long}\n`, here);
  await show('A process group with nobody in it', ['group', 'probe', 'hall'], '', here);
  await show('An option of another action', ['group', 'bench', 'lobby', ...seed], '', here);
}

/** What is said where no majority hears it. */
async function showUnsent(folder: string, transcript: Transcript): Promise<void> {
  const environment = { CHOIR_RUNTIME: join(folder, 'runtime') };
  const ann = choir(['group', 'join', 'court', '--id', 'ann', '--json'], environment);
  await ann.json({ type: 'view', id: 1 });
  const args = ['group', 'join', 'court', '--id', 'bob', '--leave-at-eof'];
  const bob = choir(args, environment);
  await bob.out.next((line) => line.startsWith('view 2'));
  ann.kill('SIGKILL');
  await bob.out.next((line) => line.startsWith('cut off'));
  bob.endInput('important line\n');
  // Whether ann is called slow before she is suspected depends on the moment of her end.
  transcript.replace(/^ann \(\S+\) is .*\n/gm, '');
  transcript.title('A line that no majority heard');
  transcript.add(args, await bob.ended());
}

/** The data of a server that has stopped, with some letters of a stored message changed. */
async function damagedData(data: string): Promise<string> {
  const server = await startServer({ data });
  await run(['send', 'lobby', 'one', 'the second message', 'three', '--server', server.url]);
  server.process.kill('SIGTERM');
  await server.process.ended();
  const file = join(data, 'journal.db');
  const bytes = readFileSync(file);
  const at = bytes.indexOf('second message');
  expect(at).toBeGreaterThan(0);
  bytes.write('SECOND', at);
  writeFileSync(file, bytes);
  return data;
}

/** A server with keys, a token for another group, and one of another issuer. */
async function guardedServer(folder: string) {
  const tokens: string[] = [];
  for (const name of ['own', 'foreign']) {
    const file = join(folder, `${name}.json`);
    await run(['token', 'make', file]);
    const grant = ['--sub', 'ann', '--allow', 'team/*:broadcast'];
    tokens.push((await run(['token', '--keys', file, ...grant])).stdout.trim());
  }
  const [token = '', foreign = ''] = tokens;
  const keys = join(folder, 'own.public.json');
  const { url } = await startServer({ args: ['--token-keys', keys] });
  return { url, token, foreign, keys };
}
