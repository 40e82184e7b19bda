/** `choir ftmp decode` shows what is in captures, and what comes. */
import { createSocket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { KeyRing } from '../../../drivers/src/envelope/key-ring.ts';
import { kinds } from '../../../drivers/src/envelope/layout.ts';
import { Transmission } from '../../../drivers/src/envelope/transmission.ts';
import { pcap, pcapng } from '../capture/capture-file.ts';
import { ethernet, fragments, internet, udp, way } from '../capture/packets.ts';
import { choir, run, temporaryFolder } from '../running/choir.ts';
import {
  captured,
  envelopeCapture,
  messageCapture,
  messageVectors,
  refusedCapture,
  refusedVectors,
  sealed,
} from './vector-capture.ts';

function fileWith(capture: Buffer): string {
  const file = join(temporaryFolder(), 'capture');
  writeFileSync(file, capture);
  return file;
}

function objects(stdout: string): Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const page = readFileSync(
  new URL('../../../../docs/protocol/ftmp-envelope.md', import.meta.url),
  'utf8',
);

/** The hexadecimal digits that the example of the page gives a name. */
function exampleOf(name: string): string {
  return (new RegExp(`^${name}: +([0-9a-f ]+)$`, 'm').exec(page)?.[1] ?? '').replaceAll(' ', '');
}

const [regular] = messageVectors;
if (regular === undefined) throw new Error('there are no vectors');

test('every vector is shown as JSON with the fields that it was made of', async () => {
  const { code, stdout, stderr } = await run([
    'ftmp',
    'decode',
    fileWith(messageCapture()),
    '--json',
  ]);
  expect(code).toBe(0);
  expect(stderr).toBe(`${2 * messageVectors.length} messages, 0 refused\n`);
  const shown = objects(stdout);
  expect(shown).toHaveLength(2 * messageVectors.length);
  for (const [index, record] of shown.entries()) {
    const { type, header, body } = messageVectors[Math.floor(index / 2)] ?? regular;
    const { minor, retransmission, ...counters } = header;
    expect(record).toMatchObject({
      type: 'datagram',
      frame: index + 1,
      from: '10.0.0.1:4001',
      to: '239.1.2.3:7400',
      status: 'message',
      message: type,
      order: index % 2 === 0 ? 'big' : 'little',
      version: `1.${minor}`,
      again: retransmission,
      ...counters,
    });
    expect(record['body']).toEqual(body);
  }
});

test('every datagram that must be refused is shown with its code', async () => {
  const { code, stdout } = await run([
    'ftmp',
    'decode',
    fileWith(refusedCapture()),
    '--all',
    '--json',
  ]);
  expect(code).toBe(0);
  const shown = objects(stdout).map(({ status, code }) => (status === 'refused' ? code : status));
  const wanted = refusedVectors.map(({ code, message }) => {
    return message.startsWith('46544d50') ? code : 'other';
  });
  expect(shown).toEqual(wanted);
});

test('what is damaged, and what is encrypted, is told apart', async () => {
  const { stdout } = await run(['ftmp', 'decode', fileWith(envelopeCapture()), '--all', '--json']);
  const shown = objects(stdout).map(({ status, code }) => code ?? status);
  const whole = ['message', 'message', 'message', 'message', 'TYPE'];
  expect(shown).toEqual([...whole, 'other', 'SEALED', 'SEALED', 'SEALED', 'other', 'SEALED']);
});

const keyFile = () => {
  const file = join(temporaryFolder(), 'cluster.key');
  writeFileSync(file, `1 ${exampleOf('cluster key')}\n`, { mode: 0o600 });
  return file;
};

test('what is encrypted is opened with the key: a message that is refused, in the example', async () => {
  const datagram = Buffer.from(exampleOf('datagram'), 'hex');
  const file = fileWith(pcap([captured(datagram)]));
  const envelope = { kind: 'data', keyId: 1, transmitter: exampleOf('transmitter'), counter: 1 };
  const closed = await run(['ftmp', 'decode', file, '--json']);
  expect(objects(closed.stdout)).toMatchObject([{ status: 'encrypted', envelope }]);
  const opened = await run(['ftmp', 'decode', file, '--json', '--key', keyFile()]);
  expect(objects(opened.stdout)).toMatchObject([{ status: 'refused', code: 'SHORT', envelope }]);
});

test('messages of a group that encrypts', async () => {
  const key = Buffer.from(exampleOf('cluster key'), 'hex');
  const transmitter = Buffer.from(exampleOf('transmitter'), 'hex');
  const transmission = new Transmission(transmitter, new KeyRing([{ id: 1, key }]), () => 0);
  const foreign = new Transmission(transmitter, new KeyRing([{ id: 2, key }]), () => 0);
  const message = Buffer.from(regular.big, 'hex');
  const named = Buffer.concat([transmitter, Buffer.alloc(16)]);
  const datagrams = [
    transmission.seal(kinds.challenge, named),
    transmission.seal(kinds.answer, Buffer.concat([named, Buffer.alloc(8)])),
    transmission.seal(kinds.data, message),
    foreign.seal(kinds.data, message),
    transmission.seal(kinds.data, message).fill(0, 40, 41),
  ];
  const file = fileWith(pcap(datagrams.map(captured)));
  const decode = ['ftmp', 'decode', file, '--key', keyFile()];
  const { stdout } = await run([...decode, '--json']);
  expect(objects(stdout)).toMatchObject([
    { status: 'challenge', asked: exampleOf('transmitter') },
    { status: 'answer', challenger: exampleOf('transmitter'), floor: 0 },
    { status: 'message', message: 'regular', body: regular.body },
    { code: 'SEALED', problem: 'the key 2 is not in the file' },
    { code: 'SEALED', problem: 'its tag is wrong' },
  ]);
  const lines = (await run(decode)).stdout.trimEnd().split('\n');
  const head = (kind: string, counter: number, id = 1) =>
    `  ${kind}  key ${id}  transmitter ${exampleOf('transmitter')}  counter ${counter}`;
  expect(lines.map((line) => line.slice(line.indexOf('7400') + 6))).toEqual([
    `challenge  to ${exampleOf('transmitter')}${head('challenge', 1)}`,
    `answer  to ${exampleOf('transmitter')}, counters above 0${head('answer', 2)}`,
    expect.stringContaining('regular'),
    `refused SEALED: the key 2 is not in the file${head('data', 1, 2)}`,
    `refused SEALED: its tag is wrong${head('data', 4)}`,
  ]);
});

test('lines for people', async () => {
  const again = messageVectors.find(({ name }) => name === 'regular, sent again') ?? regular;
  const asks = messageVectors.find(({ type }) => type === 'retransmitRequest') ?? regular;
  const hexes = [regular.big, again.little, asks.big];
  const datagrams = [...hexes.map(sealed), Buffer.concat([sealed(regular.big), Buffer.alloc(1)])];
  const file = fileWith(pcapng([...datagrams, Buffer.from('other')].map(captured)));
  const environment = { TZ: 'UTC' };
  const { stdout, stderr } = await run(['ftmp', 'decode', file], { environment });
  const way = '10.0.0.1:4001 → 239.1.2.3:7400';
  const header = (type: string) => `${type.padEnd(17)} 1.1a2b3c4d  group 7  #12  ts 345  ack 340`;
  expect(stdout.trimEnd().split('\n')).toEqual([
    `14:01:27.000000 ${way}  ${header('regular')}  1:70>1:90 #5 4 bytes "GIOP"`,
    `14:01:27.001500 ${way}  ${header('regular')}  again  1:70>1:90 #5 4 bytes "GIOP"`,
    `14:01:27.003000 ${way}  ${header('retransmitRequest')}  asks for #8 to #10 of 2.00000007`,
    `14:01:27.004500 ${way}  refused SEALED: its checksum is wrong`,
  ]);
  expect(stderr).toBe('3 messages, 1 refused, 1 not FTMP\n');
});

test('what others wrote cannot move the cursor', async () => {
  const hostile = Buffer.from('\u001b[2J\u202e\n').toString('hex');
  const vector = messageVectors.find(({ name }) => name.includes('safe')) ?? regular;
  const text = Buffer.from('everyone holds it').toString('hex');
  const hex = vector.big.replace(text, hostile.padEnd(text.length, '20'));
  const { stdout } = await run(['ftmp', 'decode', fileWith(pcap([captured(sealed(hex))]))]);
  expect(stdout).toContain('"\\x1b[2J\\u202e\\n');
});

test('a datagram in fragments, and one of which the capture has a part', async () => {
  const long = messageVectors.find(({ name }) => name.includes('first piece')) ?? regular;
  const datagram = sealed(long.big);
  const pieces = fragments(way, udp(way, datagram), 5, 64).map((packet) => ({
    bytes: ethernet(packet),
  }));
  const cut = internet(way, udp(way, datagram.subarray(0, 60), datagram.length));
  const { stdout } = await run([
    'ftmp',
    'decode',
    fileWith(pcap([...pieces, { bytes: ethernet(cut) }])),
    '--json',
  ]);
  const [whole, part] = objects(stdout);
  expect(whole).toMatchObject({ frame: pieces.length, status: 'message', body: long.body });
  expect(part).toMatchObject({ code: 'NOT_CAPTURED', message: 'regular', sequence: 14 });
});

test('from standard input, as tcpdump -w - writes it', async () => {
  const started = choir(['ftmp', 'decode', '--json']);
  started.endInput(messageCapture());
  await started.json({ message: 'announce' });
  expect((await started.ended()).code).toBe(0);
});

test('a capture that is still being written: its datagrams, then exit code 25', async () => {
  const capture = messageCapture().subarray(0, -10);
  const { code, stdout, stderr } = await run(['ftmp', 'decode', fileWith(capture), '--json']);
  expect(code).toBe(25);
  expect(objects(stdout)).toHaveLength(2 * messageVectors.length - 1);
  expect(stderr).toContain('(CUT_OFF)');
});

test('what comes to an address, until it is interrupted', async () => {
  const started = choir(['ftmp', 'decode', '--listen', '127.0.0.1:0', '--json']);
  const line = await started.errors.next((text) => text.startsWith('listening on '));
  const port = Number(line.split(':').at(-1));
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  socket.send(sealed(regular.big), port, '127.0.0.1');
  const shown = await started.json({ status: 'message' });
  expect(shown).toMatchObject({ to: `127.0.0.1:${port}`, message: 'regular', body: regular.body });
  expect(Math.abs(Number(shown['time']) - Date.now())).toBeLessThan(60_000);
  socket.send('something else', port, '127.0.0.1');
  await started.json({ status: 'other' });
  started.kill('SIGINT');
  const { code, stderr } = await started.ended();
  expect(code).toBe(0);
  expect(stderr).toContain('1 message, 0 refused, 1 not FTMP');
});

test('what comes to a multicast group', async () => {
  const group = '239.255.77.3';
  const args = ['--multicast', group, '--interface', '127.0.0.1'];
  const started = choir(['ftmp', 'decode', '--listen', `${group}:0`, ...args, '--json']);
  const line = await started.errors.next((text) => text.startsWith('listening on '));
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  await new Promise<void>((bound) => void socket.bind(0, '127.0.0.1', bound));
  socket.setMulticastInterface('127.0.0.1');
  socket.send(sealed(regular.little), Number(line.split(':').at(-1)), group);
  await started.json({ status: 'message', order: 'little' });
});

test('an address that is taken: exit code 20', async () => {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  await new Promise<void>((bound) => void socket.bind(0, '127.0.0.1', bound));
  const place = `127.0.0.1:${socket.address().port}`;
  const { code, stderr } = await run(['ftmp', 'decode', '--listen', place]);
  expect(code).toBe(20);
  expect(stderr).toBe(`choir: ${place} is taken by another process.\n`);
});

test.each([
  [['view.pcap', '--listen', '127.0.0.1:0'], 'which of the two'],
  [['view.pcap', '--multicast', '239.1.2.3'], 'of use with --listen only'],
  [['--listen', 'localhost:0'], 'is no address of the internet protocol'],
  [['--listen', '127.0.0.1:0', '--multicast', '239.1.2.3'], '--multicast needs'],
  [['--listen', '0.0.0.0:0', '--multicast', '10.0.0.1'], 'cannot be joined'],
  [['--listen', '0.0.0.0:0', '--interface', '127.0.0.1'], 'of use with --multicast only'],
])('%j is refused as it is typed', async (args, why) => {
  const { code, stderr } = await run(['ftmp', 'decode', ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(why);
});
