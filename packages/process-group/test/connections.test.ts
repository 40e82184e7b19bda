import { expect, test } from 'vitest';
import { Connections, type Service, type ServiceRequest } from '../src/index.ts';
import { bytesOf, Ensemble, members, textOf, timeout } from './ensemble.ts';

/** A service that counts how often it was given each request. */
function counting(): {
  readonly service: (request: ServiceRequest) => Uint8Array;
  readonly given: string[];
} {
  const given: string[] = [];
  const service = ({ connection, number, bytes }: ServiceRequest): Uint8Array => {
    given.push(`${connection} ${number} ${textOf(bytes)}`);
    return bytesOf(`${given.length}`);
  };
  return { service, given };
}

test('B4 two replicas of a client ask two of a service: each request is served once, and all have its reply', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const [one, two] = [counting(), counting()];
  const clients = [new Connections(), new Connections()];
  await ensemble.join('server 1', { replicas: { bank: new Connections(one.service) } });
  await ensemble.join('server 2', { replicas: { bank: new Connections(two.service) } });
  for (const [at, bank] of clients.entries()) {
    const group = await ensemble.join(`client ${at}`, { replicas: { bank } });
    await members(group, 3 + at);
  }
  for (let number = 1; number <= 20; number += 1) {
    const replies = await Promise.all(
      clients.map((bank) => bank.call('till', number, bytesOf(`pay ${number}`))),
    );
    expect(replies.map(textOf)).toEqual([`${number}`, `${number}`]);
  }
  expect(one.given).toEqual(two.given);
  expect(one.given).toHaveLength(20);
});

test('B4 a replica that joins later has the replies, and goes on behind what was taken', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const { service, given } = counting();
  await ensemble.join('server', { replicas: { bank: new Connections(service) } });
  const first = new Connections();
  const ann = await ensemble.join('client 1', { replicas: { bank: first } });
  await first.call('till', 1, bytesOf('pay'));
  const second = new Connections();
  await ensemble.join('client 2', { replicas: { bank: second } });
  await ann.leave();
  expect(textOf(await second.call('till', 1, bytesOf('pay')))).toBe('1');
  expect(second.taken('till')).toBe(1);
  expect(textOf(await second.call('till', 2, bytesOf('pay')))).toBe('2');
  expect(given).toHaveLength(2);
});

test('B4 a number that leaves some out is refused, and so is one that is too old', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const bank = new Connections(() => bytesOf('done'));
  await ensemble.join('both', { replicas: { bank } });
  await expect(bank.call('till', 3, bytesOf('pay'))).rejects.toMatchObject({
    code: 'group-option',
  });
  for (let number = 1; number <= 258; number += 1) await bank.call('till', number, bytesOf('pay'));
  await expect(bank.call('till', 1, bytesOf('pay'))).rejects.toMatchObject({
    code: 'group-option',
  });
  await bank.close('till');
  expect(textOf(await bank.call('till', 1, bytesOf('pay')))).toBe('done');
});

/** Ends its member when it is given a request, before it replies. */
const dying: Service = () => {
  throw new Error('The power failed.');
};

test('B4 all servers die between requests and replies: one that joins later serves what waits, and the calls end', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const client = new Connections();
  const ann = await ensemble.join('client', { replicas: { bank: client } });
  await ensemble.join('server 1', { replicas: { bank: new Connections(dying) } });
  await ensemble.join('server 2', { replicas: { bank: new Connections(dying) } });
  await members(ann, 3);
  const calls = [1, 2, 3].map((number) => client.call('till', number, bytesOf(`pay ${number}`)));
  await members(ann, 1);
  const { service, given } = counting();
  await ensemble.join('server 3', { replicas: { bank: new Connections(service) } });
  expect((await Promise.all(calls)).map(textOf)).toEqual(['1', '2', '3']);
  expect(given).toEqual(['till 1 pay 1', 'till 2 pay 2', 'till 3 pay 3']);
});

test('B4 a request waits until somebody serves', { timeout }, async () => {
  const ensemble = new Ensemble();
  const client = new Connections();
  await ensemble.join('client', { replicas: { bank: client } });
  const call = client.call('till', 1, bytesOf('pay'));
  const { service } = counting();
  await ensemble.join('server', { replicas: { bank: new Connections(service) } });
  expect(textOf(await call)).toBe('1');
});

test('B4 a call that waits when its connection is closed ends', { timeout }, async () => {
  const ensemble = new Ensemble();
  const client = new Connections();
  await ensemble.join('client', { replicas: { bank: client } });
  const call = client.call('till', 1, bytesOf('pay'));
  const closed = client.close('till');
  await expect(call).rejects.toMatchObject({ code: 'group-connection' });
  await closed;
});

test('B4 more requests than may wait for replies are refused, and are taken when some have come', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const client = new Connections();
  await ensemble.join('client', { replicas: { bank: client } });
  const calls = Array.from({ length: 256 }, (_, at) => client.call('till', at + 1, bytesOf('pay')));
  await expect(client.call('till', 257, bytesOf('pay'))).rejects.toMatchObject({
    code: 'group-connection',
  });
  const { service, given } = counting();
  await ensemble.join('server', { replicas: { bank: new Connections(service) } });
  await Promise.all(calls);
  expect(textOf(await client.call('till', 257, bytesOf('pay')))).toBe('257');
  expect(given).toHaveLength(257);
});

test('B4 a call that was made before the state was here ends with the reply that came before', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const { service, given } = counting();
  const first = new Connections(service);
  await ensemble.join('server', { replicas: { bank: first } });
  await first.call('till', 1, bytesOf('pay'));
  const second = new Connections();
  const transport = await ensemble.transport();
  const joining = transport.join('ensemble', { label: 'client', replicas: { bank: second } });
  // The replica has its place from the beginning of the joining on.
  const call = second.call('till', 1, bytesOf('pay'));
  await joining;
  expect(textOf(await call)).toBe('1');
  expect(given).toHaveLength(1);
});
