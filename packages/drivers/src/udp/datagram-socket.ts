/**
 * A socket of UDP: its buffers as large as the system grants, sends that fail counted by their codes. To ask what became of a
 * send costs as much as half the send, so every sixteenth is asked, and each for a second after one that failed.
 *
 * Node.js reads at most 32 datagrams before other things of the loop have their turn, so a flood does not starve timers.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { platform } from 'node:os';
import { now } from '../clock.ts';
import { DriverError } from '../driver-error.ts';
import { type Destination, destinationText } from './destination.ts';

const askEvery = 16;
const askAllMs = 1_000;
const bufferBytes = 4 * 1024 * 1024;

export type Arrival = (datagram: Uint8Array, from: Destination) => void;

/** Datagrams and their bytes since the socket was opened. */
export type Traffic = {
  readonly receivedDatagrams: number;
  readonly receivedBytes: number;
  readonly sentDatagrams: number;
  readonly sentBytes: number;
  /** Sends that are known to have failed, by the code of the system. */
  readonly sendErrors: ReadonlyMap<string, number>;
};

export class DatagramSocket implements Traffic {
  readonly #socket: Socket;
  receivedDatagrams = 0;
  receivedBytes = 0;
  sentDatagrams = 0;
  sentBytes = 0;
  readonly sendErrors = new Map<string, number>();
  #isClosed = false;
  #failedAt = Number.NEGATIVE_INFINITY;

  private constructor(socket: Socket, arrival: Arrival) {
    this.#socket = socket;
    socket.on('message', (datagram: Buffer, from: RemoteInfo) => {
      this.receivedDatagrams += 1;
      this.receivedBytes += datagram.length;
      arrival(datagram, from);
    });
    socket.on('error', this.#sent);
  }

  /**
   * @param shared several processes of this machine may bind the same port, for multicast
   * @throws DriverError `drivers-socket` when the address cannot be bound
   */
  static async open(
    bound: Destination,
    { arrival, shared = false }: { readonly arrival: Arrival; readonly shared?: boolean },
  ): Promise<DatagramSocket> {
    const family = isIPv6(bound.address) ? 6 : 4;
    const socket = createSocket({
      type: `udp${family}`,
      reuseAddr: shared,
      // Destinations are IP addresses: nothing is to be looked up, and what is sent goes out at once.
      lookup: (address, _options, callback) => callback(null, address, family),
    });
    const failed = Promise.withResolvers<never>();
    socket.once('error', failed.reject);
    const listening = new Promise<void>((resolve) => socket.bind(bound, resolve));
    try {
      await Promise.race([listening, failed.promise]);
    } catch (error) {
      const { message } = error as Error;
      throw new DriverError(
        'drivers-socket',
        `UDP ${destinationText(bound)} cannot be opened (${message}): choose another address or port.`,
        { cause: error },
      );
    }
    socket.off('error', failed.reject);
    return new DatagramSocket(socket, arrival);
  }

  get bound(): Destination {
    const { address, port } = this.#socket.address();
    return { address, port };
  }

  /** The socket of Node.js, for its options of multicast. */
  get options(): Socket {
    return this.#socket;
  }

  /** Datagrams that wait in Node.js, since the system took no more. */
  get waiting(): number {
    return this.#isClosed ? 0 : this.#socket.getSendQueueCount();
  }

  /** Asks for buffers of 4 MiB. @returns what the system gives for receiving, in bytes */
  enlarge(): number {
    grantedBytes(this.#socket, 'Send');
    return grantedBytes(this.#socket, 'Recv');
  }

  send(datagram: Uint8Array, { address, port }: Destination): void {
    if (this.#isClosed) return;
    this.sentDatagrams += 1;
    this.sentBytes += datagram.length;
    if (this.sentDatagrams % askEvery === 1 || now() - this.#failedAt < askAllMs) {
      this.#socket.send(datagram, port, address, this.#sent);
    } else {
      this.#socket.send(datagram, port, address);
    }
  }

  /** Counts what could not be sent at all, by the code of the system. */
  failed(code: string): void {
    this.sendErrors.set(code, (this.sendErrors.get(code) ?? 0) + 1);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  readonly #sent = (error: Error | null): void => {
    if (error === null) return;
    this.#failedAt = now();
    this.failed('code' in error ? String(error.code) : error.message);
  };
}

/** What lets a socket have so much, by the system; macOS counts its own book-keeping into the limit. */
const remedies: Readonly<Record<string, string>> = {
  linux: `sysctl -w net.core.rmem_max=${bufferBytes}`,
  darwin: `sysctl -w kern.ipc.maxsockbuf=${2 * bufferBytes}`,
};

/**
 * What an operator should mend where the system gives less than was asked for; null where it does not.
 *
 * @param granted for receiving, in bytes
 */
export function bufferWarning(granted: number, system: string = platform()): string | null {
  if (granted >= bufferBytes) return null;
  const remedy = remedies[system] ?? 'letting sockets have more';
  return (
    `The receive buffer has ${granted} bytes, ${bufferBytes} were asked for: all that members have under way has to fit into it, so less goes out at a time. ` +
    `Mend it, as root, by: ${remedy}`
  );
}

function grantedBytes(socket: Socket, way: 'Recv' | 'Send'): number {
  try {
    socket[`set${way}BufferSize`](bufferBytes);
  } catch {
    // Some systems refuse what others cut down; what is granted is read below.
  }
  const told = socket[`get${way}BufferSize`]();
  // Linux tells twice what it grants, for its own book-keeping.
  return platform() === 'linux' ? told / 2 : told;
}
