/**
 * A client that keeps no promise: it says what it likes, in frames or not, and cares for no answer. Whatever it
 * does, the server must stay up and keep its promises to all others.
 */
import {
  type ClientId,
  decodeFrame,
  encodeMessage,
  type FromClient,
  type FromServer,
  fromClient,
  fromServer,
  type GroupName,
  joinMessages,
  limits,
  type ObjectId,
  PROTOCOL_VERSION,
} from '@choir/protocol';
import type { Closing, End, Peer, Random } from '@choir/testkit';
import type { Recorder } from '../record/recorder.ts';
import { type Frame, sizeOf } from './frame.ts';
import { RawSubmissions } from './raw-submissions.ts';
import { serverHost } from './server-process.ts';
import type { Surroundings } from './surroundings.ts';

export type RawClientOptions = {
  readonly node: string;
  readonly groups: readonly GroupName[];
  readonly objects: readonly ObjectId[];
  /** Ids of others, to be claimed. */
  readonly known: () => readonly ClientId[];
  readonly everyMs: number;
};

export class RawClient implements Peer<Frame> {
  readonly #options: RawClientOptions;
  readonly #surroundings: Surroundings;
  readonly #random: Random;
  readonly #recorder: Recorder;
  readonly #secret: Uint8Array;
  readonly #submissions: RawSubmissions;
  #client: ClientId | null = null;
  #end: End<Frame> | null = null;
  #attached = false;
  #head = { epoch: 1, seq: 0 };
  #going = true;

  constructor(options: RawClientOptions, surroundings: Surroundings) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.#random = surroundings.random.fork(`raw ${options.node}`);
    this.#secret = this.#random.bytes(16);
    this.#submissions = new RawSubmissions(options, this.#random.fork('submissions'));
    this.#recorder = surroundings.recorder.for(options.node);
    this.#recorder.record('started', { life: 1, role: 'raw', identity: options.node });
    this.#later();
  }

  stop(): void {
    this.#going = false;
    this.#end?.close();
    this.#end = null;
  }

  opened(end: End<Frame>): void {
    if (end !== this.#end || this.#random.chance(0.05)) return;
    this.#showToken();
    const clientId = this.#client === null ? {} : { clientId: this.#client };
    const hello = { version: PROTOCOL_VERSION, secret: this.#secret, agent: '', ...clientId };
    this.#say({ kind: 'hello', ...hello });
  }

  received(end: End<Frame>, frame: Frame): void {
    if (frame.kind === 'probe') end.send({ kind: 'answer' }, sizeOf(frame));
    if (frame.kind !== 'data') return;
    const decoded = decodeFrame(fromServer, frame.bytes, limits.frameBytes);
    for (const message of decoded.ok ? decoded.messages : []) {
      if ('at' in message && message.at !== undefined) this.#head = message.at;
      this.#submissions.heard(message, this.#client ?? '');
      if (message.kind !== 'welcome') continue;
      this.#head = message.head;
      this.#client = message.clientId;
      this.#attached = true;
      this.#welcomed(message);
    }
  }

  #welcomed({ clientId: client, session }: Extract<FromServer, { kind: 'welcome' }>): void {
    this.#recorder.record('attached', { client, session });
  }

  drained(): void {}

  closed(end: End<Frame>, _how: Closing): void {
    if (end !== this.#end) return;
    this.#end = null;
    this.#attached = false;
  }

  #later(): void {
    const wait = this.#random.exponential(this.#options.everyMs);
    this.#surroundings.scheduler.after(wait, () => {
      if (!this.#going) return;
      this.#act();
      this.#later();
    });
  }

  #act(): void {
    if (this.#end === null) {
      this.#attached = false;
      this.#end = this.#surroundings.network.connect(this.#options.node, serverHost, this);
    } else if (!this.#attached) {
      // Still opening, still attaching, or it never said hello: now and then something else instead.
      if (this.#random.chance(0.3)) this.#misbehave();
    } else if (this.#random.chance(0.25)) {
      this.#misbehave();
    } else {
      this.#submitSomething();
    }
  }

  #misbehave(): void {
    const random = this.#random;
    const group = random.pick(this.#options.groups);
    const after = { epoch: random.int(0, 3), seq: this.#head.seq + random.int(1, 1_000) };
    const target = { group, name: 'raw', created: random.int(0, this.#head.seq), after };
    const acts: Readonly<Record<string, () => void>> = {
      noise: () => this.#transmit(random.bytes(random.int(1, 60))),
      truncated: () => {
        const bytes = encodeMessage(fromClient, { kind: 'ping', nonce: 7 });
        this.#transmit(bytes.subarray(0, bytes.length - 1));
      },
      'second hello': () =>
        this.#say({ kind: 'hello', version: PROTOCOL_VERSION, secret: this.#secret, agent: '' }),
      'other version': () => this.#reconnectAs({ version: 0 }),
      'short secret': () => this.#reconnectAs({ secret: random.bytes(4) }),
      'claims another id': () => {
        const ids = this.#options.known();
        if (ids.length > 0) this.#reconnectAs({ clientId: random.pick(ids) });
      },
      'position from the future': () => this.#say({ kind: 'join', requestId: 1, groups: [target] }),
      'watch from the future': () =>
        this.#say({ kind: 'watch', requestId: 2, scope: 'everything', ...target }),
      'groups that are not related': () =>
        this.#say({
          kind: 'join',
          requestId: 3,
          groups: this.#options.groups.map((name) => ({ group: name, name: 'raw', created: 0 })),
        }),
      'no groups': () => this.#say({ kind: 'join', requestId: 4, groups: [] }),
      'flood of pings': () => {
        for (let nonce = 0; nonce < 30; nonce += 1) this.#say({ kind: 'ping', nonce });
      },
      'goes without a word': () => {
        this.#end?.abort();
        this.#end = null;
      },
    };
    const all = this.#surroundings.issuer === null ? acts : { ...acts, ...this.#tokenActs() };
    all[random.pick(Object.keys(all))]?.();
  }

  #showToken(): void {
    const token = this.#surroundings.issuer?.issue(this.#options.node, this.#random.chance(0.5));
    if (token !== undefined) this.#say({ kind: 'credentials', token });
  }

  #tokenActs(): Readonly<Record<string, () => void>> {
    const { issuer } = this.#surroundings;
    return {
      'newer token': () => this.#showToken(),
      'forged token': () => this.#say({ kind: 'credentials', token: 'a.forged.one' }),
      'token of another': () => {
        const token = issuer?.issue('ann', true);
        if (token !== undefined) this.#say({ kind: 'credentials', token });
      },
    };
  }

  #submitSomething(): void {
    const random = this.#random;
    const group = random.pick(this.#options.groups);
    const join = {
      kind: 'join',
      requestId: 9,
      groups: [{ group, name: 'raw', created: 0 }],
    } as const;
    if (random.chance(0.15)) {
      this.#say(join);
      return;
    }
    this.#say({ kind: 'submit', ...this.#submissions.next(this.#head.seq) });
  }

  #reconnectAs(lie: Partial<Extract<FromClient, { kind: 'hello' }>>): void {
    const end = this.#surroundings.network.connect(this.#options.node, serverHost, {
      opened: (opened) => {
        const hello = { version: PROTOCOL_VERSION, secret: this.#random.bytes(16), agent: '' };
        const bytes = encodeMessage(fromClient, { kind: 'hello', ...hello, ...lie });
        opened.send({ kind: 'data', bytes }, bytes.length);
      },
      received: (_, frame) => {
        const decoded =
          frame.kind === 'data' ? decodeFrame(fromServer, frame.bytes, limits.frameBytes) : null;
        for (const message of decoded?.ok === true ? decoded.messages : []) {
          if (message.kind === 'welcome') this.#welcomed(message);
        }
      },
      drained: () => {},
      closed: () => {},
    });
    this.#surroundings.scheduler.after(5_000, () => end.close());
  }

  #say(message: FromClient): void {
    this.#transmit(joinMessages([encodeMessage(fromClient, message)]));
  }

  #transmit(bytes: Uint8Array): void {
    const frame: Frame = { kind: 'data', bytes };
    this.#end?.send(frame, sizeOf(frame));
  }
}
