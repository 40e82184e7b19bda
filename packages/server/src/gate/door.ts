/** The door: which connections come in at all, before anything is said on them (A8). */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { type Access, accessProblem } from '../http/access.ts';
import { addressKey, forwardedAddress, isThisMachine } from './address.ts';
import { Crowd, type CrowdLimits } from './crowd.ts';

export type DoorSettings = Access & {
  readonly behindProxy: boolean;
  readonly crowd?: Partial<CrowdLimits> | undefined;
  /** Limits this machine like any other address. */
  readonly limitsThisMachine?: boolean | undefined;
};

/** Why a request is turned away. */
export type TurnedAway = { readonly status: 403 | 429; readonly problem: string };

export class Door {
  readonly access: Access;
  /** How many came for nothing. */
  readonly turnedAway = { origin: 0, crowd: 0 };
  readonly #settings: DoorSettings;
  readonly #crowd: Crowd;

  constructor(settings: DoorSettings) {
    this.access = settings;
    this.#settings = settings;
    this.#crowd = new Crowd(settings.crowd);
  }

  /** Cuts off those of whom there are too many, before they cost a handshake. */
  guard(server: Server): void {
    if (this.#settings.behindProxy) return;
    server.on('connection', (socket: Socket) => {
      const { remoteAddress } = socket;
      if (isThisMachine(remoteAddress) && this.#settings.limitsThisMachine !== true) return;
      if (!this.#enters(addressKey(remoteAddress), socket)) socket.destroy();
    });
  }

  /** Null when a WebSocket may come in; it is counted until its socket closes. */
  turnsAway(request: IncomingMessage, socket: Socket): TurnedAway | null {
    const problem = accessProblem(request.headers, this.access);
    if (problem !== null) {
      this.turnedAway.origin += 1;
      return { status: 403, problem };
    }
    if (!this.#settings.behindProxy) return null;
    // A proxy that does not say whom it speaks for is one address like any other.
    if (this.#enters(addressKey(this.addressOf(request, socket)), socket)) return null;
    return { status: 429, problem: 'Too many connections come from your address.' };
  }

  /** Whose connection it is, for the log. */
  addressOf(request: IncomingMessage, socket: Socket): string | undefined {
    const forwarded = this.#settings.behindProxy ? forwardedAddress(request.headers) : null;
    return forwarded ?? socket.remoteAddress;
  }

  #enters(key: string, socket: Socket): boolean {
    if (!this.#crowd.enters(key, performance.now())) {
      this.turnedAway.crowd += 1;
      return false;
    }
    socket.once('close', () => this.#crowd.left(key));
    return true;
  }
}
