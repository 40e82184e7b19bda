/** What a member does with logical connections: it asks, closes them, and serves, if it does. */
import { utf8Of } from '@choir/bytes';
import { type ProcessorId, processorText } from '@choir/ftmp';
import type { ConnectionEffect, ConnectionReply } from '@choir/process-group/core';
import { fingerprint, type Random } from '@choir/testkit';
import type { Member } from './member.ts';
import type { Plan } from './plan.ts';
import type { ConnectionListener } from './replica-set.ts';
import { serviceLimits, Tally } from './service.ts';
import type { Records } from './vocabulary.ts';
import type { Voice } from './voice.ts';

type End = Records['ended']['how'];

const noBytes = new Uint8Array(0);
const closeShare = 0.04;

export class Calls implements ConnectionListener {
  readonly #member: Member;
  readonly #voice: Voice;
  readonly #plan: Plan;
  readonly #random: Random;
  #count = 0;
  /** Calls that have not ended, by what they ask for. */
  readonly #open = new Map<string, string[]>();
  /** The last number that this member asked for, by connection. */
  readonly #last = new Map<string, number>();

  constructor(member: Member, voice: Voice, { plan, random }: { plan: Plan; random: Random }) {
    this.#member = member;
    this.#voice = voice;
    this.#plan = plan;
    this.#random = random;
    member.replicas.connectionListener = this;
  }

  /** Asks, or closes a connection. */
  work(): void {
    const connection = `c${this.#random.int(1, this.#plan.connections)}`;
    if (this.#random.chance(closeShare)) {
      const closings = this.#closings(connection);
      this.#voice.connection({ kind: 'close', connection, number: 0, closings, bytes: noBytes });
    } else this.#call(connection, this.#number(connection));
  }

  begun(): void {
    const { recorder, place, replicas } = this.#member;
    const { state } = replicas.connections;
    const names = Array.from({ length: this.#plan.connections }, (_, index) => `c${index + 1}`);
    const replies = names.flatMap((name) => {
      const last = state.taken(name);
      const numbers = Array.from({ length: serviceLimits.replies }, (_, index) => last - index);
      return numbers.flatMap((number) => {
        const standing = state.standing(name, number);
        if (standing.kind !== 'reply' && standing.kind !== 'failure') return [];
        return [`${name} ${number} ${fingerprint(standing.bytes)}`];
      });
    });
    recorder.record('connected', {
      ...place,
      serves: replicas.service !== null,
      taken: names.map((name) => `${name} ${state.taken(name)}`),
      waiting: [...state.waiting].map(({ connection, number }) => `${connection} ${number}`),
      replies,
    });
  }

  did(effect: ConnectionEffect, from: ProcessorId | null): void {
    const { id, place, recorder } = this.#member;
    switch (effect.kind) {
      case 'say':
        this.#voice.reply(effect.bytes);
        return;
      case 'served': {
        const { connection, number } = effect.request;
        const reply = fingerprint(effect.reply.bytes);
        recorder.record('served', { ...place, connection, number, reply, total: this.#served });
        if (from === null) recorder.saw('served in the first view');
        return;
      }
      case 'replied':
        this.#replied(effect.connection, effect.number, effect.reply);
        return;
      case 'refused':
        if (from === id) this.#end(effect.connection, effect.number, 'refused');
        return;
      case 'closed':
        for (const number of effect.unreplied) this.#end(effect.connection, number, 'closed');
        return;
      default:
        effect satisfies never;
    }
  }

  /** Mostly the next one; sometimes one that was asked for before, or the one after what this member asked for itself. */
  #number(connection: string): number {
    const taken = this.#member.replicas.connections.state.taken(connection);
    const dice = this.#random.unit();
    if (dice < 0.15) return Math.max(taken - this.#random.int(0, 2), 1);
    if (dice < 0.4) return Math.max(taken, this.#last.get(connection) ?? 0) + 1;
    return taken + 1;
  }

  #call(connection: string, number: number): void {
    const { id, group, recorder, replicas } = this.#member;
    this.#count += 1;
    const call = `${processorText(id)}/${this.#count}`;
    recorder.record('called', { group, call, connection, number });
    const key = keyOf(connection, number);
    this.#open.set(key, [...(this.#open.get(key) ?? []), call]);
    this.#last.set(connection, number);
    const standing = replicas.connections.standing(connection, number);
    switch (standing.kind) {
      case 'reply':
      case 'failure':
        this.#end(connection, number, 'replied', standing);
        return;
      case 'forgotten':
        this.#end(connection, number, 'refused');
        return;
      case 'waiting':
        return;
      case 'open':
        this.#voice.connection({
          kind: 'request',
          connection,
          number,
          closings: this.#closings(connection),
          bytes: bytesOf(key),
        });
        return;
      default:
        standing satisfies never;
    }
  }

  /** As of this member's copy, which may be behind. */
  #closings(connection: string): number {
    return this.#member.replicas.connections.state.closings(connection);
  }

  #replied(connection: string, number: number, reply: ConnectionReply): void {
    const { place, recorder } = this.#member;
    recorder.record('replied', { ...place, connection, number, data: fingerprint(reply.bytes) });
    this.#end(connection, number, 'replied', reply);
  }

  #end(connection: string, number: number, how: End, reply: ConnectionReply | null = null): void {
    const { group, recorder } = this.#member;
    const key = keyOf(connection, number);
    const data = reply === null ? '' : fingerprint(reply.bytes);
    for (const call of this.#open.get(key) ?? []) {
      recorder.record('ended', { group, call, how, data });
      recorder.saw(`call ${how}`);
    }
    this.#open.delete(key);
  }

  get #served(): number {
    const { service } = this.#member.replicas;
    return service instanceof Tally ? service.count : 0;
  }
}

function keyOf(connection: string, number: number): string {
  return `${connection} ${number}`;
}

function bytesOf(text: string): Uint8Array {
  return utf8Of(text) ?? noBytes;
}
