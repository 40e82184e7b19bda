/**
 * The client processes of a trace: each `started` begins one. What a process called, and what it was
 * told of each submission, is collected here; what it received, in its streams.
 */
import type { RecordOf } from '../vocabulary.ts';
import { Stream } from './stream.ts';

export type Call = RecordOf<'call'> & { readonly parts: readonly RecordOf<'part'>[] };
export type Told = RecordOf<'settled'> | RecordOf<'refused'> | RecordOf<'withdrawn'>;

export class ClientProcess {
  readonly node: string;
  readonly started: RecordOf<'started'>;
  readonly identity: Identity;
  readonly streams = new Map<string, Stream>();
  ended: RecordOf<'ended'> | null = null;
  disowned = false;
  /** Submissions in its outbox when all was quiet; null when it was not there then. */
  pending: RecordOf<'pending'> | null = null;

  constructor(started: RecordOf<'started'>, identity: Identity) {
    this.node = started.node;
    this.started = started;
    this.identity = identity;
  }

  stream(group: string): Stream {
    let stream = this.streams.get(group);
    if (stream === undefined) {
      stream = new Stream(group);
      this.streams.set(group, stream);
    }
    return stream;
  }
}

/** Whoever knows one secret: one process after another, with the same outbox. */
export class Identity {
  readonly name: string;
  readonly role: 'client' | 'raw';
  client = '';
  readonly calls = new Map<number, Call>();
  readonly told = new Map<number, Told[]>();

  constructor(name: string, role: 'client' | 'raw') {
    this.name = name;
    this.role = role;
  }

  call(call: RecordOf<'call'>): void {
    this.calls.set(call.localId, { ...call, parts: [] });
  }

  part(part: RecordOf<'part'>): void {
    const call = this.calls.get(part.localId);
    if (call !== undefined) (call.parts as RecordOf<'part'>[]).push(part);
  }

  tell(told: Told): void {
    const before = this.told.get(told.localId);
    if (before === undefined) this.told.set(told.localId, [told]);
    else before.push(told);
  }

  /** The position at which the submission was settled, as far as the client was told. */
  settledAt(localId: number): number | null {
    const told = this.told.get(localId)?.find(({ kind }) => kind === 'settled');
    return told?.kind === 'settled' ? told.seq : null;
  }
}

export class Processes {
  readonly all: ClientProcess[] = [];
  readonly identities = new Map<string, Identity>();
  readonly #running = new Map<string, ClientProcess>();

  start(started: RecordOf<'started'>): void {
    const { identity: name, role } = started;
    let identity = this.identities.get(name);
    if (identity === undefined) {
      identity = new Identity(name, role);
      this.identities.set(name, identity);
    }
    const process = new ClientProcess(started, identity);
    this.all.push(process);
    this.#running.set(started.node, process);
  }

  /** The process that runs on a node, or ran there last. */
  on(node: string): ClientProcess | null {
    return this.#running.get(node) ?? null;
  }

  /** The well-behaved ones: the promises to a client are made to those. */
  get clients(): readonly ClientProcess[] {
    return this.all.filter(({ started }) => started.role === 'client');
  }
}
