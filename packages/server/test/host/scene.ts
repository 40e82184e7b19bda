/**
 * A host in virtual time, with a journal in memory and clients that say what they are told to say.
 * Nothing happens but in `run` and `advance`.
 */
import { createHash } from 'node:crypto';
import type { JournalFailure, JournalReply, JournalRequest, JournalRow } from '@choir/journal';
import {
  type Grant,
  Host,
  type HostEffect,
  type HostSettings,
  type Verdict,
} from '@choir/server/host';
import { JournalContents, Random } from '@choir/testkit';
import { clientIdOf } from '../names.ts';
import { Participant, type Surroundings } from './participant.ts';

const startWallMs = 1_793_491_200_000;

export class Scene implements Surroundings {
  readonly contents = new JournalContents();
  readonly random = new Random(1);
  settings: Partial<HostSettings>;
  now = 1_000;
  host: Host;
  /** While held, the journal takes requests and answers none. */
  journalHeld = false;
  journalFailure: JournalFailure | null = null;
  /** What a token turns out to be; any other does not hold. */
  readonly tokens = new Map<string, Verdict>();
  /** While held, no token is verified. */
  verifyingHeld = false;
  #toVerify: Extract<HostEffect, { kind: 'verify' }>[] = [];
  /** Every effect of the present host that is not a send. */
  readonly others: HostEffect[] = [];
  readonly requests: JournalRequest[] = [];
  readonly sends: Extract<HostEffect, { kind: 'send' }>[] = [];
  /** Every row that was ever made. */
  readonly log = new Map<string, JournalRow>();
  stopped: Extract<HostEffect, { kind: 'stop' }> | null = null;
  #life = 0;
  #nextConnection = 1;
  #waiting: JournalRequest[] = [];
  #clean = false;
  readonly #participants = new Map<number, Participant>();

  constructor(settings: Partial<HostSettings> = {}) {
    this.settings = settings;
    this.host = this.#begin();
    this.run();
  }

  /** Spaces in the journal that hold rows. */
  spaces(): number[] {
    const spaces = new Set<number>();
    for (let space = 0; space <= this.contents.head.seq; space += 1) {
      const all = { after: 0, upTo: this.contents.head.seq, maxBytes: 1 };
      if (this.contents.rowsAfter(space, all).rows.length > 0) spaces.add(space);
    }
    return [...spaces];
  }

  connect(): Participant {
    const participant = new Participant(this, this.#nextConnection);
    this.#participants.set(this.#nextConnection, participant);
    this.#nextConnection += 1;
    this.host.connectionOpened(participant.connection, this.now);
    return participant;
  }

  /** Makes a token that holds, for an hour unless told otherwise. */
  token(subject: string, grants: readonly Grant[], expiresInMs = 3_600_000): string {
    const token = `${subject} ${this.tokens.size}`;
    this.tokens.set(token, { ok: true, subject, grants, expiresInMs });
    return token;
  }

  /** Connects and attaches. */
  attach(name: string): Participant {
    const participant = this.connect();
    participant.hello(clientIdOf(name));
    this.run();
    return participant;
  }

  /** Connects, attaches and joins a group. */
  member(name: string, group = 'room'): Participant {
    const participant = this.attach(name);
    participant.join(group);
    this.run();
    return participant;
  }

  /** Lets everything happen that can happen without time passing. */
  run(): void {
    for (;;) {
      this.turn();
      const next = this.host.nextTimeout();
      const due = next !== null && next <= this.now;
      const verifies = !this.verifyingHeld && this.#toVerify.length > 0;
      if (!due && !verifies && (this.journalHeld || this.#waiting.length === 0)) return;
    }
  }

  /** One turn of the host, and the journal's answers to what it had been asked before. */
  turn(): void {
    if (!this.journalHeld) this.#answer();
    if (!this.verifyingHeld) this.#verify();
    for (const effect of this.host.takeEffects(this.now, startWallMs + this.now)) {
      this.#perform(effect);
    }
  }

  /** Passes time, stopping wherever the host wants to be called. */
  advance(ms: number): void {
    const until = this.now + ms;
    this.run();
    for (;;) {
      const next = this.host.nextTimeout();
      if (next === null || next > until) break;
      this.now = Math.max(this.now, next);
      this.run();
    }
    this.now = until;
    this.run();
  }

  /** The process dies and another starts on the same data. Requests without an answer are lost. */
  restart(settings = this.settings): void {
    this.settings = settings;
    this.#waiting = [];
    this.#toVerify = [];
    this.#participants.clear();
    this.others.length = 0;
    this.requests.length = 0;
    this.stopped = null;
    this.host = this.#begin();
    this.run();
  }

  #begin(): Host {
    this.#life += 1;
    const opened = this.contents.opened(this.#clean);
    this.#clean = false;
    return new Host(
      {
        opened,
        incarnation: `life-${this.#life}`,
        settings: this.settings,
        randomBytes: (count) => this.random.bytes(count),
        sha256: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
      },
      this.now,
    );
  }

  #perform(effect: HostEffect): void {
    switch (effect.kind) {
      case 'send':
        this.sends.push(effect);
        this.#participants.get(effect.connection)?.receive(effect.bytes);
        return;
      case 'journal':
        if (effect.request.kind === 'commit') {
          for (const row of effect.request.rows) this.log.set(`${row.space} ${row.seq}`, row);
        }
        this.requests.push(effect.request);
        this.#waiting.push(effect.request);
        return;
      case 'verify':
        this.#toVerify.push(effect);
        return;
      case 'admit':
        return;
      case 'stop':
        this.stopped = effect;
        this.#clean = effect.code === 'SHUTDOWN';
        return;
      case 'close':
        this.#participants.get(effect.connection)?.ended(effect.code);
        break;
      case 'probe':
        if (this.#participants.get(effect.connection)?.reachable === true) {
          this.host.heard(effect.connection, this.now);
        }
        break;
      default:
    }
    this.others.push(effect);
  }

  #answer(): void {
    const requests = this.#waiting;
    this.#waiting = [];
    for (const request of requests) this.host.journalReplied(this.#reply(request));
  }

  #verify(): void {
    for (const { connection, token } of this.#toVerify.splice(0)) {
      const unknown: Verdict = { ok: false, expired: false, message: 'No.' };
      this.host.verified(connection, this.tokens.get(token) ?? unknown, this.now);
    }
  }

  #reply(request: JournalRequest): JournalReply {
    if (this.journalFailure !== null) return { kind: 'failed', failure: this.journalFailure };
    switch (request.kind) {
      case 'commit':
        this.contents.apply(request);
        return { kind: 'committed', head: this.contents.head.seq };
      case 'read-entries':
        return {
          kind: 'entries',
          entries: this.contents.entriesAfter(request.after, request.maxBytes),
        };
      case 'read-rows':
        return { kind: 'rows', ...this.contents.rowsAfter(request.space, request) };
      case 'read-rows-at':
        return { kind: 'rows', ...this.contents.rowsAt(request.space, request) };
      default:
        return request satisfies never;
    }
  }
}
