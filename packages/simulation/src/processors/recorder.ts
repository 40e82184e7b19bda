/** Writes down what one processor does, in the vocabulary of the checkers. */
import {
  connectionText,
  type Effect,
  type EffectOf,
  type GroupId,
  type ProcessorId,
  type ProtocolEvent,
  placeText,
  processorText,
  viewText,
} from '@choir/ftmp';
import { fingerprint, type Trace } from '@choir/testkit';
import type { Records } from '@choir/testkit/views';
import { datagramTypeOf } from './names.ts';
import { messageOf } from './payload.ts';

export class Recorder {
  readonly #trace: Trace;
  readonly #node: string;
  readonly #now: () => number;
  readonly #acked = new Map<GroupId, number>();
  /** What occurred, for the shares that are reported. */
  readonly #seen: Set<string>;

  constructor(
    trace: Trace,
    self: ProcessorId,
    { now, seen }: { readonly now: () => number; readonly seen: Set<string> },
  ) {
    this.#trace = trace;
    this.#node = processorText(self);
    this.#now = now;
    this.#seen = seen;
  }

  record<Kind extends keyof Records>(kind: Kind, fields: Records[Kind]): void {
    this.#trace.record({ t: this.#now(), node: this.#node, kind, ...fields });
  }

  event(event: ProtocolEvent): void {
    const { group } = event;
    switch (event.kind) {
      case 'sent':
      case 'retransmitted': {
        const { type, bytes, ack } = event;
        const retransmission = event.kind === 'retransmitted';
        this.#seen.add(retransmission ? `again ${type}` : type);
        this.record('transmitted', { group, type: datagramTypeOf(type), bytes, retransmission });
        if (retransmission || ack <= (this.#acked.get(group) ?? 0)) return;
        this.#acked.set(group, ack);
        this.record('acked', { group, ack });
        return;
      }
      case 'stored': {
        const { source, sequence: seq, timestamp } = event;
        this.record('stored', { group, source: processorText(source), seq, timestamp });
        return;
      }
      case 'released':
        this.record('released', {
          group,
          source: processorText(event.source),
          seq: event.sequence,
        });
        return;
      case 'suspected':
      case 'convicted':
        this.#seen.add(event.kind);
        this.record(event.kind, { group, who: processorText(event.who) });
        return;
      case 'proposed': {
        const { round, members } = event;
        this.#seen.add(round > 1 ? 'proposed again' : 'proposed');
        this.record('proposed', { group, round, members: members.map(processorText) });
        return;
      }
      case 'decided':
        if (event.acceptance.round > 1) this.#seen.add('decided in a later round');
        return;
      case 'effect':
        this.#effect(event.effect);
        return;
      case 'barred':
        this.#seen.add('barred');
        this.record('barred', { group, barrier: event.barrier });
        return;
      case 'heard': {
        const { source, timestamp } = event;
        this.record('heard', { group, source: processorText(source), timestamp });
        return;
      }
      case 'request': {
        const { request, place, timestamp, processed } = event;
        const { connection, number, reply } = request;
        this.record('request', {
          group,
          connection: connectionText(connection),
          direction: reply === true ? 'reply' : 'request',
          number,
          processed,
          address: placeText(place),
          timestamp,
        });
        return;
      }
      case 'accepted':
      case 'asked':
      case 'trusted':
      case 'added':
        this.#seen.add(event.kind);
    }
  }

  #effect(effect: Effect): void {
    const { group } = effect;
    switch (effect.kind) {
      case 'view': {
        const { id, members, cause, transitional } = effect.view;
        this.#seen.add(`view ${cause}`);
        this.record('view', {
          group,
          view: viewText(id),
          members: members.map(processorText),
          primary: true,
          transitional: transitional.map(processorText),
          cause,
        });
        return;
      }
      case 'suppressed':
        this.#seen.add(`suppressed ${effect.why}`);
        this.#delivered(effect);
        return;
      case 'deliver':
        this.#delivered(effect);
        return;
      case 'connection': {
        const { connection, state, carrier, address, barrier, source } = effect;
        const [client, server] = connectionText(connection).split('>');
        this.#seen.add(`connection ${state}`);
        this.record('connection', {
          group,
          connection: connectionText(connection),
          client: client ?? '',
          server: server ?? '',
          state,
          address: placeText({ group: carrier, address }),
          barrier,
          source: processorText(source),
        });
        return;
      }
      case 'excluded':
      case 'left':
        this.#seen.add(effect.kind);
        this.record(effect.kind, { group });
        return;
      case 'primary':
        this.#seen.add(effect.primary ? 'unblocked' : 'blocked');
        this.record(effect.primary ? 'unblocked' : 'blocked', { group });
        return;
      case 'writable':
      case 'slow':
      case 'stalled':
      case 'refused':
        this.#seen.add(effect.kind);
    }
  }

  /** A message came in its place, whether or not the application is given it. */
  #delivered(effect: EffectOf<'deliver'> | EffectOf<'suppressed'>): void {
    const { group } = effect;
    const { sender, timestamp, safe, bytes, transitional } = effect;
    if (transitional) this.#seen.add('delivered transitional');
    this.#seen.add(safe ? 'delivered safe' : 'delivered agreed');
    this.record('delivered', {
      group,
      message: messageOf(sender, bytes),
      sender: processorText(sender),
      delivery: safe ? 'safe' : 'agreed',
      data: fingerprint(bytes),
      timestamp,
      transitional,
    });
  }
}
