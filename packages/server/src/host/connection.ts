/**
 * One connection: how far it has come, what is to be sent over it, how much room it has, and what it
 * sent that cannot be taken yet.
 */
import {
  type Code,
  encodeMessage,
  type FromClient,
  type FromServer,
  fromServer,
  joinMessages,
  limits,
} from '@choir/protocol';
import type { Credentials } from './credentials.ts';
import type { ConnectionId } from './effect.ts';
import { Pace } from './pace.ts';
import { Queue } from './queue.ts';
import type { Session } from './session.ts';
import type { HostSettings } from './settings.ts';

/** `fresh` until hello, `attaching` until its session is in the log, then `attached`. */
export type Stage = 'fresh' | 'attaching' | 'attached' | 'closing';

/** Why the host ends a connection. Without `retryAfterMs` the client is not to come back. */
export type Ending = {
  readonly code: Code;
  readonly message: string;
  readonly retryAfterMs?: number;
};

type Bounds = Pick<HostSettings, 'sendBufferBytes' | 'messageRate' | 'messageBurst'>;

export class Connection {
  readonly id: ConnectionId;
  stage: Stage = 'fresh';
  session: Session | null = null;
  credentials: Credentials | null = null;
  /** A token is being verified; what comes behind it waits. */
  verifying = false;
  #token: string | null = null;
  closeCode: Code | 'BYE' | null = null;
  /** Its messages in the ordering. */
  inFlight = 0;
  /** Its messages that wait to be taken; while there are any, the driver reads no more. */
  readonly held = new Queue<FromClient>();
  paused = false;
  /** The driver knows that the client was welcomed. */
  admitted = false;
  readonly openedAt: number;
  heardAt: number;
  probedAt: number;
  /** What the network had taken at `movedAt`, when that last grew or nothing waited. */
  movedBytes = 0;
  movedAt: number;
  readonly pace: Pace;
  readonly #sendBufferBytes: number;
  readonly #dirtyList: Connection[];
  #dirty = false;
  #output: Uint8Array[] = [];
  #outputBytes = 0;
  #bufferedBytes = 0;
  #takenBytes = 0;

  constructor(id: ConnectionId, now: number, settings: Bounds, dirtyList: Connection[]) {
    this.id = id;
    this.openedAt = now;
    this.heardAt = now;
    this.probedAt = now;
    this.movedAt = now;
    this.pace = new Pace(settings.messageRate, settings.messageBurst, now);
    this.#sendBufferBytes = settings.sendBufferBytes;
    this.#dirtyList = dirtyList;
  }

  /** Bytes that may be sent now. One message may exceed it: that there is any room is enough. */
  get room(): number {
    return this.#sendBufferBytes - this.#bufferedBytes - this.#outputBytes;
  }

  /** Nothing waits, so that even what is larger than the room may be sent. */
  get empty(): boolean {
    return this.#bufferedBytes + this.#outputBytes === 0;
  }

  /** Answers to messages pile up: what else it sends has to wait. */
  get clogged(): boolean {
    return this.#bufferedBytes + this.#outputBytes > 2 * this.#sendBufferBytes;
  }

  /** Bytes that the network has taken, ever, as the driver rendered them: it never goes back. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** Sends encoded messages with what else is sent in this turn. */
  push(bytes: Uint8Array): void {
    if (this.closeCode !== null) return;
    this.#output.push(bytes);
    this.#outputBytes += bytes.length;
    this.touch();
  }

  send(message: FromServer): void {
    this.push(encodeMessage(fromServer, message));
  }

  /** Has a token verified; what comes behind it waits for the verdict. */
  verify(token: string): void {
    this.verifying = true;
    this.#token = token;
    this.touch();
  }

  /** The token to be verified, once. */
  takeToken(): string | null {
    const token = this.#token;
    this.#token = null;
    return token;
  }

  /** Says goodbye and ends the connection. */
  end({ code, message, retryAfterMs }: Ending): void {
    const retry = retryAfterMs === undefined ? {} : { retryAfterMs };
    this.send({ kind: 'goodbye', code, message, ...retry });
    this.close(code);
  }

  close(code: Code | 'BYE'): void {
    this.stage = 'closing';
    this.closeCode ??= code;
    this.held.clear();
    this.touch();
  }

  /** The driver tells how much of what it was given waits; true when that is less than before. */
  buffered(bytes: number): boolean {
    const taken = this.#bufferedBytes - bytes;
    this.#bufferedBytes = bytes;
    if (taken > 0) this.#takenBytes += taken;
    return taken > 0;
  }

  /** What is to be sent now, in frames. */
  takeFrames(): readonly Uint8Array[] {
    this.#dirty = false;
    if (this.#output.length === 0) return [];
    const pieces = this.#output;
    this.#output = [];
    this.#bufferedBytes += this.#outputBytes;
    const bytes = this.#outputBytes;
    this.#outputBytes = 0;
    if (pieces.length === 1) return pieces;
    return bytes <= limits.frameBytes ? [joinMessages(pieces)] : framed(pieces);
  }

  touch(): void {
    if (this.#dirty) return;
    this.#dirty = true;
    this.#dirtyList.push(this);
  }
}

/** Joins pieces into frames that clients take. */
function framed(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  let run: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    if (run.length > 0 && bytes + piece.length > limits.frameBytes) {
      frames.push(joinMessages(run));
      run = [];
      bytes = 0;
    }
    run.push(piece);
    bytes += piece.length;
  }
  return [...frames, joinMessages(run)];
}
