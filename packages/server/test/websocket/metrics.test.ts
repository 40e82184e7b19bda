import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { expect, test } from 'vitest';
import { RawClient } from './raw-client.ts';
import { running } from './running.ts';

type Answer = { readonly status: number; readonly body: string };

function ask(port: number, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    }).on('error', reject);
  });
}

/** The value of a figure, with its labels as they stand. */
function figure(text: string, name: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}

test('figures count what clients did', async () => {
  const server = await running({ version: '1.2.3' });
  const empty = (await ask(server.port, '/metrics')).body;
  const ann = await RawClient.attach(server.url, 'ann');
  const ben = await RawClient.attach(server.url, 'ben');
  ann.join('team');
  await ann.until('transfer_end');
  ben.join('team');
  await ben.until('transfer_end');
  const before = ben.of('delivery').length;
  ann.bcast('team', 'one');
  ann.send({ kind: 'join', requestId: 2, groups: [] });
  await ann.until('request_refused');
  await ben.until('delivery', before + 1);
  const { status, body } = await ask(server.port, '/metrics');
  expect(status).toBe(200);
  expect(figure(body, 'choir_connections')).toBe(2);
  expect(figure(body, 'choir_sessions')).toBe(2);
  expect(figure(body, 'choir_groups')).toBe(1);
  expect(figure(body, 'choir_slow_readers')).toBe(0);
  expect(figure(body, 'choir_acknowledgements_total')).toBe(1);
  expect(figure(body, 'choir_refusals_total{code="MALFORMED"}')).toBe(1);
  expect(figure(body, 'choir_entries_total')).toBeGreaterThanOrEqual(5);
  expect(figure(body, 'choir_deliveries_total')).toBeGreaterThanOrEqual(2);
  expect(figure(body, 'choir_received_bytes_total')).toBeGreaterThan(100);
  expect(figure(body, 'choir_sent_bytes_total')).toBeGreaterThan(100);
  expect(figure(body, 'choir_commit_seconds_count')).toBeGreaterThan(3);
  expect(figure(body, 'choir_info{version="1.2.3"}')).toBe(1);
  expect(figure(body, 'process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  expect(body).toContain('nodejs_eventloop_lag_p99_seconds');
  expect(figure(empty, 'choir_connections')).toBe(0);
});

test('docs/operations.md has every figure, and no other', async () => {
  const { port } = await running();
  const { body } = await ask(port, '/metrics');
  const shown = [...body.matchAll(/^# TYPE (choir_\w+)/gm)].map(([, name]) => name);
  const page = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `choir_'));
  const told = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(choir_\w+)/g)]);
  expect(told.map(([, name]) => name).sort()).toEqual(shown.sort());
});

test('who is turned away at the door is counted', async () => {
  const server = await running();
  const foreign = { origin: 'https://elsewhere.example' };
  await expect(RawClient.connect(server.url, foreign)).rejects.toThrow('403');
  const { body } = await ask(server.port, '/metrics');
  expect(figure(body, 'choir_turned_away_total{why="origin"}')).toBe(1);
});

test('counters of connections that are over stay', async () => {
  const server = await running();
  const ann = await RawClient.attach(server.url, 'ann');
  const during = figure((await ask(server.port, '/metrics')).body, 'choir_received_bytes_total');
  ann.send({ kind: 'bye' });
  await ann.untilClosed();
  const { body } = await ask(server.port, '/metrics');
  expect(figure(body, 'choir_received_bytes_total')).toBeGreaterThanOrEqual(during);
  expect(figure(body, 'choir_connections_ended_total{code="BYE"}')).toBe(1);
});

test.each([
  { 'x-forwarded-for': '192.0.2.1' },
  { forwarded: 'for=192.0.2.1' },
  { via: '1.1 proxy' },
  { 'x-real-ip': '192.0.2.1' },
  { host: 'choir.example' },
])('figures are not for those behind a proxy: %j', async (headers) => {
  const { port } = await running();
  expect((await ask(port, '/metrics', headers)).status).toBe(403);
});

test('figures have an address of their own if they are given one, and are nowhere else', async () => {
  const server = await running({ metrics: { host: '127.0.0.1', port: 0 } });
  const port = server.metricsPort ?? 0;
  expect((await ask(server.port, '/metrics')).status).toBe(403);
  expect((await ask(port, '/metrics')).status).toBe(200);
  expect((await ask(port, '/health')).status).toBe(200);
  expect((await ask(port, '/')).status).toBe(404);
});

test('a server is ready when new clients are welcome', async () => {
  const { port, url } = await running({ settings: { connectionsMax: 1 } });
  expect(await ask(port, '/ready')).toEqual({ status: 200, body: '{"ready":true,"why":""}\n' });
  await RawClient.attach(url, 'ann');
  const { status, body } = await ask(port, '/ready');
  expect({ status, ...JSON.parse(body) }).toEqual({
    status: 503,
    ready: false,
    why: 'The server has too many connections.',
  });
  expect((await ask(port, '/health')).status).toBe(200);
});
