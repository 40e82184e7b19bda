/** The peer that does nothing: `ws`, one `send` for each socket of a room. */
import { type WebSocket, WebSocketServer } from 'ws';
import { bareWs } from './bare-ws-protocol.ts';
import { tellPort } from './tell-port.ts';

const rooms = new Map<string, Set<WebSocket>>();
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });

server.on('connection', (socket) => {
  socket.on('message', (data: Buffer) => take(socket, data));
});
server.on('listening', () => tellPort(server.address()));

function take(socket: WebSocket, data: Buffer): void {
  if (data[0] === bareWs.echo) {
    socket.send(Buffer.of(bareWs.echo));
    return;
  }
  const end = 2 + (data[1] ?? 0);
  const room = data.toString('latin1', 2, end);
  if (data[0] === bareWs.join) {
    const members = rooms.get(room) ?? new Set();
    rooms.set(room, members.add(socket));
    socket.on('close', () => members.delete(socket));
    socket.send(Buffer.of(bareWs.join));
    return;
  }
  const message = Buffer.concat([Buffer.of(bareWs.publish), data.subarray(end)]);
  for (const member of rooms.get(room) ?? []) member.send(message);
}
