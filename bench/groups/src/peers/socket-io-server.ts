/** Socket.IO as its documentation sets it up, with connection state recovery, WebSocket only. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { tellPort } from './tell-port.ts';

const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
});

io.on('connection', (socket) => {
  socket.on('join', (room: string, done: () => void) => {
    socket.join(room);
    done();
  });
  socket.on('say', (room: string, text: string) => {
    io.to(room).emit('m', text);
  });
  socket.on('echo', (_text: string, done: () => void) => done());
});
http.listen(0, '127.0.0.1', () => tellPort(http.address()));
