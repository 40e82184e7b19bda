/** B4: what the service of a member is given, and what it is not given again, whoever gave that member the state. */
import { expect, test } from 'vitest';
import {
  type ConnectionEffect,
  ConnectionReplica,
  callBytesMax,
  closingsUnknown,
  connectionLimits,
  encodeConnectionMessage,
  type ServiceRequest,
  type StatefulService,
} from '../../src/core/index.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Adds up what it is told, and says the sum. */
class Till implements StatefulService {
  readonly given: number[] = [];
  sum = 0;

  readonly serve = ({ number, bytes }: ServiceRequest): Uint8Array => {
    this.given.push(number);
    this.sum += Number(textOf(bytes));
    return bytesOf(`${this.sum}`);
  };

  snapshot(): Iterable<Uint8Array> {
    return [bytesOf(`${this.sum}`)];
  }

  restore([piece]: readonly Uint8Array[]): void {
    this.sum = piece === undefined ? 0 : Number(textOf(piece));
  }
}

const request = (number: number, text = '10', connection = 'till'): Uint8Array =>
  encodeConnectionMessage({
    kind: 'request',
    connection,
    number,
    closings: closingsUnknown,
    bytes: bytesOf(text),
  });

const close = encodeConnectionMessage({
  kind: 'close',
  connection: 'till',
  number: 0,
  closings: closingsUnknown,
  bytes: new Uint8Array(),
});

/** What members say when they are given these: the messages of their replies. */
function given(
  members: readonly ConnectionReplica[],
  ...messages: readonly Uint8Array[]
): Uint8Array[] {
  return messages.flatMap((bytes) => members.flatMap((member) => saidBy(member.apply(bytes))));
}

function saidBy(effects: readonly ConnectionEffect[]): Uint8Array[] {
  return effects.flatMap((effect) => (effect.kind === 'say' ? [effect.bytes] : []));
}

/** A member joins: what it says in its first view. */
function join(joiner: ConnectionReplica, provider: ConnectionReplica): Uint8Array[] {
  joiner.restore([...provider.snapshot()]);
  return saidBy(joiner.view());
}

test('B4 a server that joins when none is left serves what waits, in the order in which it was taken, then what follows', () => {
  const [server, client] = [new ConnectionReplica(new Till()), new ConnectionReplica(null)];
  given([server, client], request(1, '10'), request(2, '20'));
  const till = new Till();
  const next = new ConnectionReplica(till);
  const replies = join(next, client);
  expect(till.given).toEqual([1, 2]);
  given([client, next], ...replies, request(3, '30'));
  expect(till.given).toEqual([1, 2, 3]);
  const standing = client.standing('till', 2);
  expect(standing).toMatchObject({ kind: 'reply', bytes: bytesOf('30') });
});

test('B4 a server that joins with the state of a server is not given what that one was, and says its replies: they may be lost', () => {
  const [server, client] = [new ConnectionReplica(new Till()), new ConnectionReplica(null)];
  given([server, client], request(1, '10'), request(2, '20'));
  const till = new Till();
  const next = new ConnectionReplica(till);
  const replies = join(next, server);
  expect(till.given).toEqual([]);
  expect(till.sum).toBe(30);
  given([client, next], ...replies);
  expect(client.standing('till', 1)).toMatchObject({ bytes: bytesOf('10') });
  expect(client.standing('till', 2)).toMatchObject({ bytes: bytesOf('30') });
});

test('B4 who only asks passes no state of a service on, and none of its replies: it does not go through the requests', () => {
  const server = new ConnectionReplica(new Till());
  given([server], request(1, '10'));
  const client = new ConnectionReplica(null);
  expect(join(client, server)).toEqual([]);
  const till = new Till();
  const next = new ConnectionReplica(till);
  expect(join(next, client)).toHaveLength(1);
  expect(till).toMatchObject({ given: [1], sum: 10 });
});

test('B4 when the servers of a service with a state are gone, and somebody was replied to, nobody can serve in their place', () => {
  const [server, client] = [new ConnectionReplica(new Till()), new ConnectionReplica(null)];
  const members = [server, client];
  given(members, ...given(members, request(1)));
  expect(() => join(new ConnectionReplica(new Till()), client)).toThrow('a member that serves');
  expect(join(new ConnectionReplica(({ bytes }) => bytes), client)).toEqual([]);
});

test('B4 a service that begins in a group in which nobody was replied to is given all that was taken, of closed connections, too', () => {
  const [server, client] = [new ConnectionReplica(new Till()), new ConnectionReplica(null)];
  // Nobody hears the replies: they are under way when the connection is closed, and when the next server is given the state.
  given([server, client], request(1, '10'), request(1, '20', 'desk'), close, request(1, '30'));
  const asking = new ConnectionReplica(null);
  join(asking, client);
  const till = new Till();
  const replies = join(new ConnectionReplica(till), asking);
  expect(till.sum).toBe(60);
  given([client], ...replies);
  expect(client.standing('desk', 1)).toMatchObject({ bytes: bytesOf('30') });
  expect(client.standing('till', 1)).toMatchObject({ bytes: bytesOf('60') });
});

test('B4 who was excluded, and comes back, has the state of the others, its service too', () => {
  const [till, client] = [new Till(), new ConnectionReplica(null)];
  const server = new ConnectionReplica(till);
  given([server, client], request(1, '10'));
  // It was the only one: nobody has a reply, and nobody who is left was given the request.
  join(server, client);
  expect(till).toMatchObject({ given: [1, 1], sum: 10 });
});

test('B4 a reply that comes when its connection was closed is none to a request that has its number after that', () => {
  const echo = new ConnectionReplica(({ bytes }) => bytes);
  const client = new ConnectionReplica(null);
  const late = given([echo, client], request(1, '10'));
  given([echo, client], close, request(1, '20'));
  const next = new ConnectionReplica(({ bytes }) => bytes);
  const replies = join(next, echo);
  for (const member of [echo, client, next]) {
    given([member], ...late);
    expect(member.standing('till', 1)).toEqual({ kind: 'waiting' });
    given([member], ...replies);
    expect(member.standing('till', 1)).toMatchObject({ bytes: bytesOf('20') });
  }
});

test('B4 views beside the first have nothing served', () => {
  const server = new ConnectionReplica(new Till());
  given([server], request(1));
  expect(server.view()).toEqual([]);
  const next = new ConnectionReplica(new Till());
  expect(join(next, server)).toHaveLength(1);
  expect(next.view()).toEqual([]);
});

test('B4 a reply that is too long fails the call, and nobody else', () => {
  const server = new ConnectionReplica(() => new Uint8Array(callBytesMax + 1));
  given([server], ...given([server], request(1)));
  const standing = server.standing('till', 1);
  expect(standing.kind).toBe('failure');
  const other = new ConnectionReplica(null);
  join(other, server);
  expect(other.standing('till', 1)).toEqual(standing);
});

test.each([
  ['a promise', Promise.resolve(new Uint8Array(1))],
  ['a text', 'done'],
])(
  'B4 a service that replies with %s, not with bytes, fails the call, which says so',
  (_what, made) => {
    const server = new ConnectionReplica(() => made as unknown as Uint8Array);
    given([server], ...given([server], request(1)));
    const standing = server.standing('till', 1);
    const text = 'bytes' in standing ? textOf(standing.bytes) : '';
    expect([standing.kind, text]).toEqual(['failure', expect.stringContaining('no Uint8Array')]);
  },
);

test('B4 replies that were made and have not come are bounded: beyond that the call fails, and there is room again when they have come', () => {
  const limits = { ...connectionLimits, madeBytes: 3 * 1_024 };
  const member = (): ConnectionReplica =>
    new ConnectionReplica(({ bytes }) => new Uint8Array(Number(textOf(bytes))), limits);
  const server = member();
  const replies = given([server], request(1, '2000'), request(2, '2000'));
  const next = member();
  expect(join(next, server)).toEqual(replies);
  for (const one of [server, next]) {
    const more = given([one], request(3, '2000'), ...replies, request(4, '2000'));
    given([one], ...more);
    const kinds = [1, 2, 3, 4].map((number) => one.standing('till', number).kind);
    expect(kinds).toEqual(['reply', 'failure', 'failure', 'reply']);
  }
});

test('B4 whoever says a request again is told its reply again', () => {
  const server = new ConnectionReplica(({ bytes }) => bytes);
  given([server], ...given([server], request(1)));
  expect(server.apply(request(1))).toMatchObject([{ kind: 'replied', number: 1 }]);
});

test('B4 what is no state of connections is not taken', () => {
  const [head = new Uint8Array(), ...rest] = new ConnectionReplica(null).snapshot();
  const cut = [[], rest, [head], [new Uint8Array([1, 1, 9]), ...rest]];
  for (const pieces of cut) {
    expect(() => new ConnectionReplica(null).restore(pieces)).toThrow('no state of connections');
  }
});
