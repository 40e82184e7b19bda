/** Multicast that cannot be had is refused when it is opened, with what to use instead. Nothing is sent. */
import { Socket } from 'node:dgram';
import { expect, onTestFinished, test, vi } from 'vitest';
import { MulticastNetwork } from '../../src/udp/multicast.ts';

const options = {
  kind: 'multicast',
  interface: '127.0.0.1',
  address: '239.192.7.1',
  port: 7_800,
} as const;

test.each(['addMembership', 'setMulticastInterface'] as const)(
  'an interface that refuses is named, with the remedy, and nothing stays open (%s)',
  async (call) => {
    onTestFinished(() => void vi.restoreAllMocks());
    // Before the first is called, so that the system is not asked to join anything.
    for (const name of ['addMembership', 'setMulticastInterface'] as const) {
      vi.spyOn(Socket.prototype, name).mockImplementation(() => {
        if (name === call) throw new Error(`${name} ENODEV`);
      });
    }
    const closed = vi.spyOn(Socket.prototype, 'close');
    await expect(MulticastNetwork.open(options, () => {})).rejects.toMatchObject({
      code: 'drivers-socket',
      message:
        `239.192.7.1 cannot be joined on the interface 127.0.0.1 (${call} ENODEV): ` +
        'give an interface of this machine that has multicast, or use unicast.',
    });
    expect(closed).toHaveBeenCalledTimes(2);
  },
);

test.each([
  ['an interface of another machine', { interface: '192.0.2.1' }, 'drivers-socket', '192.0.2.1:0'],
  ['a name for an interface', { interface: 'eth0' }, 'drivers-option', 'interface: "eth0"'],
  ['an address of version 6', { interface: '::1' }, 'drivers-option', 'interface: "::1"'],
  ['an address of one host', { address: '192.0.2.7' }, 'drivers-option', 'not a multicast address'],
  ['no port', { port: 0 }, 'drivers-option', 'port: 0 is not a port of 1'],
])('%s is refused', async (_what, wrong, code, text) => {
  await expect(MulticastNetwork.open({ ...options, ...wrong }, () => {})).rejects.toMatchObject({
    code,
    message: expect.stringContaining(text),
  });
});
