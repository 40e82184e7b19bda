/** What the application of a member says, and the record of it. */
import { utf8Of } from '@choir/bytes';
import { type ProcessorId, processorText } from '@choir/ftmp';
import {
  type Addressees,
  type ConnectionMessage,
  decodeConnectionMessage,
  encodeConnectionMessage,
  encodeLockOperation,
  encodeMapOperation,
  type LockOperation,
  type MapOperation,
  type Need,
} from '@choir/process-group/core';
import { fingerprint } from '@choir/testkit';
import type { EffectOf } from './executor.ts';
import type { Member } from './member.ts';
import { messageOf, numbered } from './payload.ts';
import { channels } from './replica-set.ts';
import type { Form } from './vocabulary.ts';

const talk = 'talk';

type Question = { readonly to: Addressees; readonly need: Need; readonly body: Uint8Array };

export class Voice {
  readonly #member: Member;
  #messages = 0;

  constructor(member: Member) {
    this.#member = member;
  }

  multicast(body: Uint8Array, safe: boolean): void {
    const { journal } = channels;
    this.#member.say((core) => {
      const { bytes } = this.#said('multicast', journal, body, { safe });
      core.multicast(journal, bytes, safe);
    });
  }

  send(to: readonly ProcessorId[], body: Uint8Array): void {
    this.#member.say((core) => {
      const { bytes } = this.#said('direct', talk, body, { to });
      core.send(to, talk, bytes);
    });
  }

  /** @param asked is told the number under which the replies come */
  ask({ to, need, body }: Question, asked: (number: number) => void): void {
    const { group, recorder } = this.#member;
    this.#member.say((core) => {
      const { bytes, message } = this.#said('request', talk, body);
      const number = core.ask(to, talk, bytes, need);
      if (number === null) throw new Error('Too many requests are open: the workload is wrong.');
      const list = typeof to === 'string' ? [to] : to.map(processorText);
      recorder.record('asked', { group, message, number, to: list, need });
      asked(number);
    });
  }

  /** Waits for the replies no longer. */
  giveUp(number: number): void {
    const { group, recorder } = this.#member;
    recorder.record('gaveup', { group, number });
    this.#member.act((core) => core.giveUp(number));
  }

  answer(
    { asker, number }: Pick<EffectOf<'request'>, 'asker' | 'number'>,
    how: 'answered' | 'failed',
    text: string,
  ): void {
    const { group, recorder } = this.#member;
    const bytes = utf8Of(text) ?? new Uint8Array();
    this.#member.act((core) => {
      const taken =
        how === 'answered' ? core.answer(asker, number, bytes) : core.fail(asker, number, text);
      const data = fingerprint(bytes);
      recorder.record('answered', { group, asker: processorText(asker), number, how, data, taken });
    });
  }

  map(operation: MapOperation): void {
    const { group, recorder, id } = this.#member;
    const { kind, key, number } = operation;
    const call = `${processorText(id)}/${number}`;
    recorder.record('invoked', {
      group,
      call,
      operation: kind,
      key,
      value: 'value' in operation ? fingerprint(operation.value) : '',
      version: kind === 'set-if' ? operation.version : 0,
    });
    const { map } = channels;
    const { safe } = this.#member.replicas.map;
    this.#member.say((core) => {
      const body = encodeMapOperation(operation);
      const { bytes, message } = this.#said('multicast', map, body, { safe });
      recorder.record('carried', { group, call, message });
      core.multicast(map, bytes, safe);
    });
  }

  lock(operation: LockOperation): void {
    const { group, recorder } = this.#member;
    const { locks } = channels;
    const { safe } = this.#member.replicas.locks;
    this.#member.say((core) => {
      const body = encodeLockOperation(operation);
      const { bytes, message } = this.#said('multicast', locks, body, { safe });
      const { kind, lock, number } = operation;
      recorder.record('claimed', { group, message, operation: kind, lock, number });
      core.multicast(locks, bytes, safe);
    });
  }

  /** Asks, or closes. */
  connection(message: ConnectionMessage): void {
    this.#member.say((core) => {
      const bytes = this.#connection(message, encodeConnectionMessage(message));
      core.multicast(channels.service, bytes, this.#member.replicas.connections.safe);
    });
  }

  /** Says this reply of the service, whether or not there is room. */
  reply(body: Uint8Array): void {
    const message = decodeConnectionMessage(body);
    if (message === null) throw new Error('The replica says what nobody can read.');
    this.#member.act((core) => {
      const bytes = this.#connection(message, body);
      core.multicast(channels.service, bytes, this.#member.replicas.connections.safe);
    });
  }

  #connection(said: ConnectionMessage, body: Uint8Array): Uint8Array {
    const { group, recorder, replicas } = this.#member;
    const { safe } = replicas.connections;
    const { bytes, message } = this.#said('multicast', channels.service, body, { safe });
    recorder.record('connection', {
      group,
      message,
      operation: said.kind,
      connection: said.connection,
      number: said.number,
      closings: said.closings,
      data: fingerprint(said.bytes),
    });
    return bytes;
  }

  #said(
    form: Form,
    channel: string,
    body: Uint8Array,
    { to = [], safe = false }: { to?: readonly ProcessorId[]; safe?: boolean } = {},
  ): { readonly message: string; readonly bytes: Uint8Array } {
    const { recorder, place, id } = this.#member;
    this.#messages += 1;
    const bytes = numbered(this.#messages, body);
    const message = messageOf(id, bytes);
    const data = fingerprint(bytes);
    recorder.record('said', {
      ...place,
      message,
      form,
      channel,
      to: to.map(processorText),
      safe,
      data,
    });
    return { message, bytes };
  }
}
