import { expect, test } from 'vitest';
import {
  durationMs,
  natural,
  objectId,
  ownAddress,
  serverUrl,
} from '../../src/arguments/values.ts';

test.each([
  ['10s', 10_000],
  ['500ms', 500],
  ['2m', 120_000],
  ['1h', 3_600_000],
  ['1.5s', 1_500],
  ['3', 3_000],
  ['0', 0],
])('the duration %s is %i ms', (text, ms) => {
  expect(durationMs('--timeout', text)).toBe(ms);
});

test.each(['', 'soon', '-1s', '10 s', '1d'])('%j is no duration', (text) => {
  expect(() => durationMs('--timeout', text)).toThrow(`"${text}" is no duration`);
});

test.each([
  ['ws://127.0.0.1:7400', 'ws://127.0.0.1:7400'],
  ['ws://127.0.0.1', 'ws://127.0.0.1:7400'],
  ['localhost:9000', 'ws://localhost:9000'],
  ['localhost', 'ws://localhost:7400'],
  ['ws://[::1]:7400/', 'ws://[::1]:7400'],
  ['wss://choir.example', 'wss://choir.example'],
  ['wss://choir.example/groups', 'wss://choir.example/groups'],
])('the server %s is %s', (text, url) => {
  expect(serverUrl('--server', text)).toBe(url);
});

test.each(['', 'http://127.0.0.1:7400', 'ws://', 'ws://a:b'])('%j is no server', (text) => {
  expect(() => serverUrl('--server', text)).toThrow('is no server address');
});

test.each([
  ['192.0.2.7:7500', '192.0.2.7', 7_500],
  ['192.0.2.7', '192.0.2.7', 0],
  ['::1', '::1', 0],
  ['[::1]', '::1', 0],
  ['[fd00::1]:7500', 'fd00::1', 7_500],
])('the own address %s is %s, port %i', (text, host, port) => {
  expect(ownAddress('--listen', text)).toEqual({ host, port });
});

test.each(['', 'localhost:7500', 'fd00::1]:7500', '127.0.0.1:70000', '127.0.0.1:'])(
  '%j is no own address',
  (text) => {
    expect(() => ownAddress('--listen', text)).toThrow('--listen');
  },
);

test('a number beyond its limit is refused with the limit', () => {
  expect(() => natural('--port', '70000', 65_535)).toThrow('from 0 to 65535');
});

test('a bad object id is refused with its problem, visibly', () => {
  expect(() => objectId('a\u0007b')).toThrow('"a\\u0007b" contains a control');
});
