/**
 * One member of a process group, from its first view of FTMP on. It takes what FTMP gives in its order, and what the application wants; it
 * returns what is to be multicast (`next`) and what the application is to be told (`drain`).
 *
 * Boundary: no clock, no transport. Whoever drives it performs the effects before it gives more, so that a snapshot is the state at its
 * place in the order.
 *
 * R6 A message is delivered if its sender is in the view, and passed over otherwise.
 * M5 What is handed over goes out in the order in which it was handed over.
 */
import type { ReadFailure } from '@choir/bytes';
import type { ProcessorId, View } from '@choir/ftmp';
import { decode, encode } from './codec.ts';
import type { PieceSizes } from './cutting.ts';
import { Dialogue } from './dialogue.ts';
import type { Digest } from './digests.ts';
import type { CoreEffect, Submission } from './effects.ts';
import { passedBytesMax } from './limits.ts';
import type { GroupView, Member } from './member.ts';
import {
  type Addressees,
  changesRoll,
  type Message,
  type MessageOf,
  toolkitVersion,
} from './message.ts';
import type { Ordered } from './ordered.ts';
import { Outgoing, submissionBytes } from './outgoing.ts';
import { Provision } from './provision.ts';
import type { Need } from './questions.ts';
import { type Received, Reception } from './reception.ts';
import { foundedBy, type Roll } from './roll.ts';
import { RollCall } from './roll-call.ts';

export type CoreOptions = {
  readonly self: ProcessorId;
  /** Of the group, 1 … 256 bytes. */
  readonly name: string;
  /** Of this member, 1 … 64 bytes. */
  readonly label: string;
  /** Whether it keeps no state (O3). */
  readonly observes: boolean;
  readonly digest: Digest;
  /** Of the pieces of its snapshots; default 32 … 128 KiB. */
  readonly pieceSizes?: PieceSizes;
};

const nothing: readonly CoreEffect[] = [];

export class GroupCore {
  readonly #options: CoreOptions;
  readonly #rollCall = new RollCall();
  readonly #reception: Reception;
  readonly #provision: Provision;
  readonly #dialogue: Dialogue;
  readonly #outgoing = new Outgoing();
  #effects: CoreEffect[] = [];
  /** What was said and went ahead of the next piece. */
  #passedBytes = 0;
  /** Null while this member lacks the state. */
  #roll: Roll | null = null;

  constructor(options: CoreOptions) {
    this.#options = options;
    this.#reception = new Reception(options, this.#rollCall);
    this.#provision = new Provision(options);
    this.#dialogue = new Dialogue(options.self, {
      say: (message) => this.#say(message),
      tell: (...effects) => this.#effects.push(...effects),
      room: this.#outgoing,
    });
  }

  /** The members of the present view; none before the first. */
  get members(): readonly Member[] {
    return this.#roll?.members ?? [];
  }

  /** Members that hold the state, in the order of their admission. */
  get holders(): readonly ProcessorId[] {
    return this.#roll?.holders ?? [];
  }

  /** When `turn` is to be called; infinity when it need not. */
  get due(): number {
    return this.#roll === null ? this.#reception.due : Infinity;
  }

  turn(now: number): void {
    if (this.#roll === null) this.#received(this.#reception.turn(now));
  }

  /** A view of FTMP. */
  view(view: View, now: number): void {
    const { name, label, self } = this.#options;
    if (view.cause === 'first') {
      this.#roll = foundedBy({ id: self, label }, name);
      this.#tellView(this.#roll.viewOf(self));
      return;
    }
    this.#take({ kind: 'view', view }, now);
  }

  /** A message of FTMP. Its bytes are not changed; what is kept is copied. */
  message(sender: ProcessorId, bytes: Uint8Array, now: number): void {
    const message = decode(bytes);
    if ('code' in message) this.#unreadable(sender, message);
    else this.#take({ kind: 'message', sender, message }, now);
  }

  /** What is to be done since the last call, in order. */
  drain(): readonly CoreEffect[] {
    if (this.#effects.length === 0) return nothing;
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /**
   * What is to be multicast next, when there is room for it; null when there is nothing. Pieces come behind what was said; but not behind any
   * amount of it, or who joins an application that always has something to say would wait for ever (T3).
   */
  next(): Submission | null {
    const due = this.#passedBytes >= passedBytesMax ? this.#nextProvided() : null;
    if (due !== null) return due;
    const first = this.#outgoing.shift();
    if (first === undefined) return this.#nextProvided();
    this.#passedBytes += first.bytes.length + submissionBytes;
    return first;
  }

  /** Whether everything that was handed over has gone out. */
  get isIdle(): boolean {
    return this.#outgoing.length === 0;
  }

  multicast(channel: string, bytes: Uint8Array, safe: boolean): void {
    this.#say({ kind: 'multicast', channel, bytes }, safe);
  }

  send(to: readonly ProcessorId[], channel: string, bytes: Uint8Array): void {
    this.#say({ kind: 'direct', to, channel, bytes });
  }

  /** The number under which the replies come; null when too many requests are open. */
  ask(to: Addressees, channel: string, bytes: Uint8Array, need: Need): number | null {
    return this.#dialogue.ask({ to, channel, bytes }, need, this.members);
  }

  /** Stops waiting for the replies to a request: what is missing is told. */
  giveUp(number: number): void {
    this.#dialogue.giveUp(number);
  }

  /** Q4: an answer for which there is no room has failed. @returns false when there is nothing to answer: it was answered before, or its asker is gone */
  answer(asker: ProcessorId, number: number, bytes: Uint8Array): boolean {
    return this.#dialogue.fulfil({ kind: 'answer', to: asker, number, bytes });
  }

  /** As `answer`, when the request could not be handled. @param text at most 1,024 bytes */
  fail(asker: ProcessorId, number: number, text: string): boolean {
    return this.#dialogue.fulfil({ kind: 'failure', to: asker, number, text });
  }

  /** The snapshot that was asked for; it is gone through as there is room. */
  provide(transfer: number, snapshot: Iterable<Uint8Array>): void {
    this.#provision.provide(transfer, snapshot);
  }

  /** This member is out: what it was providing is let go. */
  close(): void {
    this.#provision.close();
  }

  /** Whether the application has taken the state over. What came since is told next. */
  restored(isTaken: boolean): void {
    const state = this.#reception.takeOver();
    if (this.#roll !== null || state === null) return;
    if (!isTaken) {
      this.#received(this.#reception.rejected());
      return;
    }
    this.#roll = state.roll;
    this.#reception.taken();
    const { self } = this.#options;
    this.#tellView(state.roll.viewOf(self));
    this.#say({ kind: 'held' });
    for (const ordered of [...state.addressed, ...state.kept]) this.#asMember(state.roll, ordered);
  }

  #nextProvided(): Submission | null {
    this.#passedBytes = 0;
    const message = this.#provision.next();
    return message === null ? null : { bytes: encode(message), safe: changesRoll(message) };
  }

  #take(ordered: Ordered, now: number): void {
    if (this.#roll === null) this.#asJoiner(ordered, now);
    else this.#asMember(this.#roll, ordered);
  }

  /** While it lacks the state the application is told that it is refused, and else of nothing: what comes is kept, or brings the state. */
  #asJoiner(ordered: Ordered, now: number): void {
    if (ordered.kind === 'message' && ordered.message.kind === 'refusal') {
      this.#refused(ordered.message);
    }
    this.#received(this.#reception.take(ordered, now));
  }

  #asMember(roll: Roll, ordered: Ordered): void {
    if (ordered.kind === 'view') this.#viewed(roll, ordered.view);
    else this.#ordered(roll, ordered.sender, ordered.message);
  }

  #viewed(roll: Roll, view: View): void {
    this.#rollCall.view(view);
    const changed = roll.take(view);
    if (changed !== null) this.#tellView(changed);
    if (this.#options.observes && roll.holders.length === 0) this.#sayHello(view);
    this.#serve(roll);
  }

  /** Who lacks the state, or who can provide it, may be others now. */
  #serve(roll: Roll): void {
    for (const id of this.#provision.stranded(roll)) this.#refuse(roll, id, 'state-refused');
    for (const marker of this.#provision.markers(roll)) this.#say(marker);
  }

  #received(received: Received): void {
    switch (received.kind) {
      case 'nothing':
        return;
      case 'hello':
        this.#sayHello(received.view);
        return;
      case 'wanted':
      case 'has':
        this.#say(received);
        return;
      case 'whole':
        this.#effects.push({ kind: 'restore', pieces: received.pieces });
        return;
      case 'state-lost':
        this.#effects.push(received);
        return;
      default:
        received satisfies never;
    }
  }

  #ordered(roll: Roll, sender: ProcessorId, message: Message): void {
    if (message.kind === 'hello') this.#helloed(roll, sender, message);
    else if (message.kind === 'wanted') this.#wanted(roll, sender, message);
    else if (roll.has(sender)) this.#ofMember(roll, sender, message);
    else this.#unreadable(sender, null);
    if (changesRoll(message)) this.#serve(roll);
  }

  #ofMember(
    roll: Roll,
    sender: ProcessorId,
    message: Exclude<Message, MessageOf<'hello' | 'wanted'>>,
  ): void {
    switch (message.kind) {
      case 'refusal':
        // Who has the state was admitted, whatever was said before.
        return;
      case 'marker':
        this.#marked(roll, sender, message);
        return;
      case 'failed':
        roll.failed(sender);
        return;
      case 'held':
        roll.held(sender);
        this.#rollCall.held(sender);
        return;
      case 'has':
        this.#provision.has(sender, message);
        return;
      case 'piece':
      case 'same':
      case 'whole':
        if (sender === this.#options.self) this.#provision.came();
        return;
      default:
        this.#delivered(roll, sender, message);
    }
  }

  #helloed(roll: Roll, sender: ProcessorId, hello: MessageOf<'hello'>): void {
    const admission = roll.hello(sender, hello);
    if (admission.kind === 'refused') this.#refuse(roll, sender, admission.reason);
    const isLost = this.#rollCall.hello(sender, hello);
    if (isLost && this.#options.observes) this.#effects.push({ kind: 'state-lost' });
  }

  /** Those whom it is for are in the view from here on. */
  #marked(roll: Roll, sender: ProcessorId, { transfer, to }: MessageOf<'marker'>): void {
    const view = roll.join(to, sender);
    if (view !== null) this.#tellView(view);
    if (sender !== this.#options.self || !this.#provision.marked(transfer, roll)) return;
    this.#effects.push({ kind: 'snapshot', transfer });
  }

  #wanted(roll: Roll, sender: ProcessorId, { provider, reason }: MessageOf<'wanted'>): void {
    this.#provision.wants(sender);
    if (reason === 'overflow') return;
    const unable = provider ?? roll.providerOf(sender);
    if (unable === null) return;
    if (reason === 'silent') roll.silent(sender, unable);
    else roll.unable(sender, unable);
  }

  /** One member says so for all: the first that holds the state; whoever has it when no `Held` has come yet. */
  #refuse(roll: Roll, to: ProcessorId, reason: MessageOf<'refusal'>['reason']): void {
    const { self } = this.#options;
    const [first = self] = roll.holders;
    if (first !== self) return;
    this.#say({ kind: 'refusal', to, reason, version: toolkitVersion });
  }

  #refused({ to, reason, version }: MessageOf<'refusal'>): void {
    if (to === this.#options.self) this.#effects.push({ kind: 'refused', reason, version });
  }

  #delivered(
    roll: Roll,
    sender: ProcessorId,
    message: MessageOf<'multicast' | 'direct' | 'request' | 'answer' | 'failure'>,
  ): void {
    const { self } = this.#options;
    switch (message.kind) {
      case 'multicast': {
        const { channel, bytes } = message;
        this.#effects.push({ kind: 'message', sender, channel, bytes, direct: false });
        return;
      }
      case 'direct': {
        const { to, channel, bytes } = message;
        if (!to.includes(self)) return;
        this.#effects.push({ kind: 'message', sender, channel, bytes, direct: true });
        return;
      }
      case 'request':
        this.#dialogue.requested(sender, message, roll.members);
        return;
      case 'answer':
      case 'failure':
        this.#replied(roll, sender, message);
        return;
      default:
        message satisfies never;
    }
  }

  #replied(
    roll: Roll,
    sender: ProcessorId,
    message: MessageOf<'answer'> | MessageOf<'failure'>,
  ): void {
    const member = roll.members.find(({ id }) => id === sender);
    if (member !== undefined) this.#dialogue.replied(member, message);
  }

  /** Who lacks the state passes it over without a word: it is told of nothing yet. */
  #unreadable(sender: ProcessorId, failure: ReadFailure | null): void {
    if (this.#roll !== null) this.#effects.push({ kind: 'unreadable', sender, failure });
  }

  #sayHello({ id: view }: View): void {
    const { name, label, observes } = this.#options;
    this.#say({ kind: 'hello', version: toolkitVersion, view, name, label, observes });
  }

  #tellView(view: GroupView): void {
    this.#effects.push({ kind: 'view', view });
    this.#dialogue.gone([...view.left, ...view.excluded]);
  }

  #say(message: Message, safe = changesRoll(message)): void {
    this.#outgoing.push({ bytes: encode(message), safe });
  }
}
