/** `choir ftmp decode --listen`: datagrams as they come. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';
import type { Given } from '../../arguments/given.ts';
import { listenAddress, usage } from '../../arguments/values.ts';
import { type Endpoint, endpointText } from '../../capture/datagrams.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { Failure } from '../../failure.ts';
import type { DatagramReader } from '../../ftmp/reading.ts';
import { Telling } from '../../ftmp/telling.ts';
import { checkOpened } from './keys-used.ts';

export async function listen(
  place: string,
  given: Given,
  reader: DatagramReader,
  { output, interruption }: Context,
): Promise<ExitCode> {
  const { host, port } = listenAddress('--listen', place);
  if (isIP(host) === 0) throw usage(`--listen: "${host}" is no address of the internet protocol.`);
  const group = given.text('multicast');
  if (group !== undefined && !['0.0.0.0', '::', group].includes(host)) {
    throw usage(
      '--multicast needs --listen 0.0.0.0:PORT, or [::]:PORT: what is sent to a group does not come to one address.',
    );
  }
  const telling = new Telling(output, reader, true);
  const socket = createSocket({ type: isIP(host) === 6 ? 'udp6' : 'udp4', reuseAddr: true });
  const failure = once(socket, 'error').then(([error]) => {
    throw listenFailure(error, place);
  });
  try {
    const bound = new Promise<void>((resolve) => void socket.once('listening', resolve));
    socket.bind(port, host);
    await Promise.race([bound, failure]);
    joinMulticast(socket, given);
    const { address, port: own } = socket.address();
    const to = { address, port: own };
    socket.on('message', (bytes, from) => {
      if (output.stalled) telling.skipped += 1;
      else telling.tell(arrived(bytes, from, to));
    });
    output.note(`listening on ${endpointText(to)}`);
    await Promise.race([interruption.came, failure]);
  } finally {
    socket.close();
  }
  output.note(telling.summary(null));
  checkOpened(telling);
  return 'done';
}

function arrived(bytes: Buffer, { address, port }: RemoteInfo, to: Endpoint) {
  const time = performance.timeOrigin + performance.now();
  return { time, frame: null, from: { address, port }, to, bytes, missing: 0 };
}

function joinMulticast(socket: Socket, given: Given): void {
  const group = given.text('multicast');
  const link = given.text('interface');
  if (group === undefined) {
    if (link !== undefined) throw usage('--interface is of use with --multicast only.');
    return;
  }
  try {
    socket.addMembership(group, link);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw usage(
      `--multicast: ${JSON.stringify(group)} cannot be joined${link === undefined ? '' : ` on ${link}`} (${code}).`,
      'The group is an address such as 239.1.2.3 or ff02::1:3, the interface an address of this machine.',
    );
  }
}

function listenFailure(error: NodeJS.ErrnoException, place: string): Error {
  const { code } = error;
  if (code === 'EADDRINUSE') {
    return new Failure('address', `${place} is taken by another process.`);
  }
  if (code === 'EADDRNOTAVAIL' || code === 'EACCES') {
    return new Failure('address', `${place} cannot be listened on (${code}).`);
  }
  return error;
}
