// node datagram-child.ts ADDRESS     a host that sends and counts datagrams by multicast, as it is told over IPC
//
//   { send: LABEL, count: N }  sends N datagrams, then tells { sent: N }
//   { ask: LABEL }             tells { heard: how many came with that label from others }

import { createSocket } from 'node:dgram';

const [address = ''] = process.argv.slice(2);
const group = '239.192.7.7';
const port = 7_070;
const heard = new Map<string, number>();

const socket = createSocket({ type: 'udp4', reuseAddr: true });
socket.on('message', (bytes, { address: sender }) => {
  const label = bytes.toString();
  if (sender !== address) heard.set(label, (heard.get(label) ?? 0) + 1);
});
socket.bind(port, () => {
  socket.addMembership(group, address);
  socket.setMulticastInterface(address);
  tell({ ready: true });
});

process.on('message', (told: { send: string; count: number } | { ask: string }) => {
  if ('ask' in told) tell({ heard: heard.get(told.ask) ?? 0 });
  else send(told.send, told.count, () => tell({ sent: told.count }));
});
process.on('disconnect', () => process.exit());

function send(label: string, left: number, done: () => void): void {
  if (left === 0) done();
  else socket.send(label, port, group, () => send(label, left - 1, done));
}

function tell(what: object): void {
  process.send?.(what);
}
