import { Socket } from 'node:dgram';
import { platform } from 'node:os';
import { expect, onTestFinished, test, vi } from 'vitest';
import { bufferWarning, DatagramSocket } from '../../src/udp/datagram-socket.ts';

const asked = 4 * 1024 * 1024;
const granted = 212_992;

test('what was granted is read back, and what was refused is asked for all the same', async () => {
  // Linux tells twice what it grants.
  const told = platform() === 'linux' ? 2 * granted : granted;
  vi.spyOn(Socket.prototype, 'getRecvBufferSize').mockReturnValue(told);
  const set = vi.spyOn(Socket.prototype, 'setRecvBufferSize').mockImplementation(() => {
    throw new Error('ENOBUFS');
  });
  onTestFinished(() => void vi.restoreAllMocks());
  const socket = await DatagramSocket.open(
    { address: '127.0.0.1', port: 0 },
    { arrival: () => {} },
  );
  onTestFinished(() => socket.close());
  expect(socket.enlarge()).toBe(granted);
  expect(set).toHaveBeenCalledWith(asked);
});

test('nobody is warned of a buffer that is as large as was asked for', () => {
  expect(bufferWarning(asked, 'linux')).toBe(null);
  expect(bufferWarning(asked - 1, 'linux')).not.toBe(null);
});

test.each([
  ['linux', 'sysctl -w net.core.rmem_max=4194304'],
  ['darwin', 'sysctl -w kern.ipc.maxsockbuf=8388608'],
  ['win32', 'letting sockets have more'],
])('on %s the warning has both sizes, why it matters, and what mends it', (system, remedy) => {
  expect(bufferWarning(granted, system)).toBe(
    'The receive buffer has 212992 bytes, 4194304 were asked for: all that members have under way has to fit into it, so less goes out at a time. ' +
      `Mend it, as root, by: ${remedy}`,
  );
});
