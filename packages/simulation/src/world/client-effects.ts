/**
 * What the driver of a session does with its effects, in their order: connections, frames, the stored outbox,
 * and what the application is told.
 */
import type { Effect, SessionEvent } from '@choir/client/session';
import {
  encodeMessage,
  type FromClient,
  fromClient,
  joinMessages,
  type SubmissionBody,
} from '@choir/protocol';
import type { End, Peer } from '@choir/testkit';
import type { ClientRecorder } from '../record/client-recorder.ts';
import { type Frame, sizeOf } from './frame.ts';
import type { Owner } from './owner.ts';
import { serverHost } from './server-process.ts';
import type { Surroundings } from './surroundings.ts';

/** A connection, and the number by which the session calls it. */
type Line = { readonly number: number; readonly end: End<Frame> };

export type ClientEffectsParts = {
  readonly node: string;
  readonly owner: Owner;
  readonly surroundings: Surroundings;
  readonly recorder: ClientRecorder;
  /** Whose connections they are. */
  readonly peer: Peer<Frame>;
  readonly heard: (event: SessionEvent) => void;
  /** The session asks for a token. */
  readonly authenticate: (connection: number) => void;
};

export class ClientEffects {
  line: Line | null = null;
  /** Another process has the outbox: what this one stores goes nowhere. */
  disowned = false;
  readonly #parts: ClientEffectsParts;

  constructor(parts: ClientEffectsParts) {
    this.#parts = parts;
  }

  perform(effects: readonly Effect[]): void {
    const messages: FromClient[] = [];
    for (const effect of effects) {
      if (effect.kind === 'send') messages.push(effect.message);
      else {
        this.#send(messages);
        this.#performOne(effect);
      }
    }
    this.#send(messages);
  }

  #performOne(effect: Exclude<Effect, { kind: 'send' }>): void {
    const { node, owner, surroundings, peer } = this.#parts;
    switch (effect.kind) {
      case 'open': {
        const end = surroundings.network.connect(node, serverHost, peer);
        this.line = { number: effect.connection, end };
        return;
      }
      case 'authenticate':
        this.#parts.authenticate(effect.connection);
        return;
      case 'close':
        this.line?.end.close();
        this.line = null;
        return;
      case 'identify':
        owner.clientId = effect.clientId;
        return;
      case 'store': {
        const { localId, group, body } = effect.record;
        this.#handedOver(localId, group, body);
        if (!this.disowned) owner.store(effect.record);
        return;
      }
      case 'unstore':
        if (!this.disowned) owner.unstore(effect.localId, effect.decided);
        return;
      case 'emit':
        this.#emit(effect.event);
        return;
      default:
        effect satisfies never;
    }
  }

  /** One frame for all that one turn has to say. */
  #send(messages: FromClient[]): void {
    if (messages.length === 0) return;
    const { recorder, surroundings } = this.#parts;
    const bytes = joinMessages(messages.map((message) => encodeMessage(fromClient, message)));
    const frame: Frame = { kind: 'data', bytes };
    this.line?.end.send(frame, sizeOf(frame));
    for (const message of messages) {
      recorder.said(message);
      if (message.kind === 'submit') surroundings.seen.add(`body ${message.body.kind}`);
    }
    messages.length = 0;
  }

  /** What is stored for the first time was handed over just now. */
  #handedOver(localId: number, group: string, body: SubmissionBody): void {
    const { owner, recorder } = this.#parts;
    if (localId <= owner.lastLocalId) return;
    owner.lastLocalId = localId;
    recorder.call(group, localId, body);
  }

  #emit(event: SessionEvent): void {
    const { recorder, surroundings, heard } = this.#parts;
    recorder.told(event);
    surroundings.seen.add(`told ${event.kind}`);
    if (event.kind === 'message') {
      for (const { kind } of event.events) surroundings.seen.add(`event ${kind}`);
    }
    heard(event);
  }
}
