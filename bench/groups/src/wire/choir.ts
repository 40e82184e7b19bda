/**
 * A load client of Choir's binary protocol. Of a delivery it reads the group's length, the position and
 * the first event; what else a server says it decodes in full.
 */
import {
  type ClientId,
  decodeFrame,
  encodeMessage,
  type FromServer,
  fromClient,
  fromServer,
  type GroupName,
  limits,
  localId,
  type Position,
  PROTOCOL_VERSION,
  parseClientId,
  parseGroupName,
  subprotocols,
} from '@choir/protocol';
import { WebSocketLine } from './web-socket.ts';
import type { Listener, WireClient, WireOptions } from './wire.ts';

const deliveryTag = 3;
const ackTag = 4;
const bcastTag = 1;

export class ChoirClient implements WireClient {
  readonly index: number;
  received = 0;
  readonly #port: number;
  readonly #group: GroupName | null;
  readonly #listener: Listener;
  readonly #id: ClientId;
  readonly #secret: Uint8Array;
  #line: WebSocketLine;
  #at = 0;
  #localId = 0;
  #epoch = 0;
  #seq = 0;
  #created = 0;
  #joined: (() => void) | null = null;
  /** A rejoin sends what was missed before the events of this position. */
  #dropped = false;

  constructor({ port, index, room, listener }: WireOptions) {
    this.#port = port;
    this.index = index;
    this.#group = room === null ? null : groupOf(room);
    this.#listener = listener;
    this.#id = parseClientId(`load-${index}`) as ClientId;
    this.#secret = new Uint8Array(16).fill(index + 1);
    this.#line = this.#newLine();
  }

  async open(): Promise<void> {
    await this.#line.open(this.#port, '/', subprotocols.binary);
    const ready = new Promise<void>((resolve) => {
      this.#joined = resolve;
    });
    this.#line.binary(
      encodeMessage(fromClient, {
        kind: 'hello',
        version: PROTOCOL_VERSION,
        clientId: this.#id,
        secret: this.#secret,
        agent: 'bench',
      }),
    );
    if (this.#group !== null) this.#join(this.#group);
    await ready;
  }

  publish(room: string, payload: Buffer): void {
    const group = groupOf(room);
    const previous = this.#localId;
    this.#localId += 1;
    this.#line.binary(
      encodeMessage(fromClient, {
        kind: 'submit',
        group,
        localId: localId(this.#localId),
        previous,
        body: {
          kind: 'message',
          parts: [{ kind: 'bcast', group, exclusive: false, data: payload }],
        },
      }),
    );
  }

  drop(): void {
    this.#dropped = true;
    this.#line.destroy();
  }

  async resume(): Promise<void> {
    this.#line = this.#newLine();
    await this.open();
  }

  pause(): void {
    this.#line.pause();
  }

  #newLine(): WebSocketLine {
    return new WebSocketLine({
      frame: (bytes, from, to) => this.#frame(bytes, from, to),
      ended: (why) => this.#listener.broken(`choir ended connection ${this.index}: ${why}`),
    });
  }

  #join(group: GroupName): void {
    const after: Position = { epoch: this.#epoch, seq: this.#seq };
    const target = { group, name: `load ${this.index}`, created: this.#created };
    const groups = [this.#dropped ? { ...target, after } : target];
    this.#line.binary(encodeMessage(fromClient, { kind: 'join', requestId: 1, groups }));
  }

  #frame(bytes: Buffer, from: number, to: number): void {
    this.#at = from;
    while (this.#at < to) {
      const size = this.#natural(bytes);
      const start = this.#at;
      const tag = bytes[start];
      if (tag === deliveryTag) this.#delivery(bytes, start + 1);
      else if (tag === ackTag) this.#listener.acknowledged(this);
      else this.#other(bytes.subarray(start, start + size));
      this.#at = start + size;
    }
  }

  #delivery(bytes: Buffer, start: number): void {
    this.#at = start;
    this.#skip(bytes);
    const epoch = this.#natural(bytes);
    const seq = this.#natural(bytes);
    if (seq <= this.#seq) this.#listener.broken(`position ${seq} came after ${this.#seq}`);
    this.#epoch = epoch;
    this.#seq = seq;
    // The time, and how many events there are.
    this.#natural(bytes);
    this.#natural(bytes);
    if (bytes[this.#at] !== bcastTag) return;
    this.#at += 1;
    this.#skip(bytes);
    this.#natural(bytes);
    this.#at += 1;
    this.#natural(bytes);
    this.#listener.message(this, bytes, this.#at);
  }

  #other(message: Buffer): void {
    const frame = Buffer.concat([Buffer.from(lengthOf(message.length)), message]);
    const decoded = decodeFrame(fromServer, frame, limits.frameBytes);
    if (!decoded.ok) {
      this.#listener.broken(`choir sent what is no message: ${decoded.refusal.message}`);
      return;
    }
    for (const each of decoded.messages) this.#answered(each);
  }

  #answered(message: FromServer): void {
    switch (message.kind) {
      case 'welcome':
        if (this.#group === null) this.#joined?.();
        return;
      case 'transfer_begin':
        this.#epoch = message.at.epoch;
        this.#seq = message.at.seq;
        this.#created = message.created;
        return;
      case 'transfer_end':
        if (this.#dropped) this.#listener.broken('choir sent a state instead of what was missed');
        this.#joined?.();
        return;
      case 'resume_end':
        this.#joined?.();
        return;
      case 'goodbye':
      case 'refused':
      case 'request_refused':
        this.#listener.broken(`choir answered ${message.code}: ${message.message}`);
        return;
      case 'resend':
        this.#listener.broken('choir asked for messages again');
        return;
      default:
    }
  }

  #natural(bytes: Buffer): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[this.#at] ?? 0;
      this.#at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  /** Passes over text or bytes. */
  #skip(bytes: Buffer): void {
    const length = this.#natural(bytes);
    this.#at += length;
  }
}

const groups = new Map<string, GroupName>();

function groupOf(room: string): GroupName {
  const known = groups.get(room);
  if (known !== undefined) return known;
  const group = parseGroupName(room);
  if (group === null) throw new Error(`"${room}" is no group name`);
  groups.set(room, group);
  return group;
}

function lengthOf(length: number): number[] {
  const bytes: number[] = [];
  for (let rest = length; ; rest = Math.floor(rest / 0x80)) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest % 0x80) | 0x80);
  }
}
