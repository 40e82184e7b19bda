/** No compression: what is small on the way is small in memory. */
import { once } from 'node:events';
import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { frameOf, NakedSocket, opcode } from '../hostile/naked-socket.ts';
import { RawClient } from '../websocket/raw-client.ts';
import { running } from '../websocket/running.ts';

test('compression that a client offers is not agreed to', async () => {
  const { url } = await running();
  const webSocket = new WebSocket(url, { perMessageDeflate: true });
  await once(webSocket, 'open');
  expect(webSocket.extensions).toBe('');
  webSocket.close();
});

test('a deflate bomb is refused as it is, and nothing is inflated', async () => {
  const { port, url } = await running();
  const bomb = deflateRawSync(Buffer.alloc(100 * 1024 * 1024));
  expect(bomb.length).toBeLessThan(110_000);
  const rssBefore = process.memoryUsage().rss;
  for (let n = 0; n < 20; n += 1) {
    const socket = await NakedSocket.upgrade(port);
    // RSV1 says "compressed" where that was agreed (RFC 7692, 6).
    const payload = bomb.subarray(0, 10_000);
    socket.socket.write(frameOf({ opcode: opcode.binary, payload, reservedBits: 4 }));
    const { said } = await socket.untilEnd();
    expect(said).toMatchObject([{ kind: 'goodbye', code: 'MALFORMED' }]);
  }
  expect(process.memoryUsage().rss - rssBefore).toBeLessThan(100 * 1024 * 1024);
  const other = await RawClient.attach(url, 'ann');
  other.close();
});
