/** Asks the server that has a data directory. */
import { connect } from 'node:net';
import { type OperatorReply, type OperatorRequest, socketIn } from './request.ts';

/** Null when no server listens there. Waits as long as it takes: a backup may be large. */
export function askOperator(data: string, request: OperatorRequest): Promise<OperatorReply | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketIn(data));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (part: string) => {
      text += part;
    });
    socket.on('end', () => {
      if (text === '') reject(new Error('The server ended before it answered.'));
      else resolve(JSON.parse(text) as OperatorReply);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const nobody = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
      if (nobody || error.code === 'ENOTDIR') resolve(null);
      else reject(error);
    });
  });
}
