/** Carries messages from the order to the application, and changes the membership where the order says so. */

import { compareViews, type ProcessorId, type ViewId } from '../ids.ts';
import { membersAfter, viewIdOf } from '../pgmp/changes.ts';
import type { Held } from '../rmp/held.ts';
import { type Incomplete, joined } from '../romp/assembly.ts';
import { changesMembership, needsStability } from '../romp/delivery.ts';
import type { BodyOf } from '../wire/index.ts';
import type { View } from './effects.ts';
import type { GroupState } from './group-state.ts';
import type { OutgoingMessage } from './outgoing.ts';
import type { Passage } from './passage.ts';

export class Ordering {
  readonly #state: GroupState;
  readonly #passage: Passage;
  /** Messages ordered since an ack timestamp was last sent, and their bytes. */
  orderedSinceAck = 0;
  orderedBytesSinceAck = 0;

  constructor(state: GroupState, passage: Passage) {
    this.#state = state;
    this.#passage = passage;
  }

  /** An ack timestamp was sent. */
  acked(): void {
    this.orderedSinceAck = 0;
    this.orderedBytesSinceAck = 0;
  }

  /** Orders and delivers what can be. */
  run(): void {
    const state = this.#state;
    const { order, delivery, surroundings } = state;
    if (state.isFrozen || this.#isOver) return;
    for (;;) {
      if (state.backlog >= surroundings.settings.backlogBytes) return;
      const ordered = order.next();
      if (ordered !== undefined) this.#ordered(ordered);
      let delivered = false;
      for (;;) {
        const next = delivery.next((held) => this.#isStable(held));
        if (next === undefined) break;
        this.#deliver(next, false);
        if (this.#isOver) return;
        delivered = true;
      }
      if (ordered === undefined && !delivered) return;
    }
  }

  /** The configuration has ended: everything that belongs to it, in order, whoever has not been heard (P2). */
  finish(belongs: (held: Held) => boolean): void {
    const { order, delivery } = this.#state;
    for (;;) {
      const held = order.force(belongs);
      if (held === undefined) break;
      this.#ordered(held);
    }
    for (;;) {
      const held = delivery.waiting.shift();
      if (held === undefined || this.#isOver) return;
      // Behind its AddProcessor a newcomer counts, too: it may lack what all others have.
      this.#deliver(held, needsStability(held) && held.timestamp > this.#state.stable());
    }
  }

  /** The application is given a view. Everybody in it has what came before it. */
  install(view: View): void {
    const state = this.#state;
    if (!state.isInstalled && view.cause !== 'first') state.remembersSince = view.id;
    state.setMembers(view.members);
    state.view = view.id;
    state.isInstalled = true;
    if (state.standing === 'joining') state.standing = 'member';
    state.primacy.judge(true);
    state.counts.views += 1;
    state.emit({ kind: 'view', group: state.id, view });
  }

  get #isOver(): boolean {
    const { standing } = this.#state;
    return standing === 'left' || standing === 'out';
  }

  /**
   * Whether all members have acknowledged this message. That is known, too, when somebody has installed a change of membership that it is,
   * or that it comes before. What a joiner is not given before its first view need not be stable.
   */
  #isStable(held: Held): boolean {
    const state = this.#state;
    if (held.timestamp <= state.stable()) return true;
    if (held.body.type === 'regular' && !state.isInstalled) return true;
    // The id of a view is the place in the order of what made it.
    return compareViews(viewIdOf(held), state.installedElsewhere) <= 0;
  }

  #ordered(held: Held): void {
    const state = this.#state;
    const { order, suspicion, delivery } = state;
    this.orderedSinceAck += 1;
    this.orderedBytesSinceAck += held.bytes.length;
    const before = order.members;
    const after = membersAfter(before, held);
    if (after !== before) {
      if (held.body.type === 'addProcessor') this.#expect(held, held.body);
      order.setMembers(after);
      state.orderedView = viewIdOf(held);
      for (const id of before) if (!after.includes(id)) order.lane(id)?.end();
      for (const id of after) {
        if (id !== state.self && !before.includes(id)) suspicion.watch(id, state.now);
      }
    }
    delivery.waiting.push(held);
  }

  /** Where too many changes waited the newcomer is not known before its place. */
  #expect({ timestamp }: Held, { newMember }: BodyOf<'addProcessor'>): void {
    const state = this.#state;
    if (newMember.id === state.self || state.rmp.stream(newMember.id) !== undefined) return;
    state.open(newMember, timestamp);
  }

  #deliver(held: Held, transitional: boolean): void {
    const state = this.#state;
    const { body } = held;
    state.deliveredLast.set(held.source, held.sequence);
    if (changesMembership(held)) {
      const at = state.changes.indexOf(held);
      if (at !== -1) state.changes.splice(at, 1);
      this.#change(held);
      return;
    }
    if (body.type === 'connect') this.#passage.connect(held, body);
    if (body.type !== 'regular') return;
    const { source: sender, timestamp, safe } = held;
    for (const part of body.parts) {
      const whole = state.assembly.take(sender, part);
      if (whole === null || !state.isInstalled) continue;
      const { request, bytes } = whole;
      const told = { sender, timestamp, safe, transitional, bytes };
      const why = request === null ? null : this.#passage.judge(request, held);
      if (request !== null && why !== null) {
        state.primacy.tell({ kind: 'suppressed', group: state.id, why, ...told, request });
        continue;
      }
      state.primacy.tell({ kind: 'deliver', group: state.id, ...told, request });
    }
  }

  #change(held: Held): void {
    const state = this.#state;
    const before = state.members;
    const members = membersAfter(before, held);
    if (members === before) {
      if (held.body.type === 'addProcessor') this.#addedInVain(held.body.newMember.id);
      return;
    }
    const id = viewIdOf(held);
    if (held.body.type === 'addProcessor') this.#added(held.body.newMember.id, members, id);
    else if (held.body.type === 'removeProcessor') this.#removed(held.body.member, members, id);
  }

  #added(added: ProcessorId, members: readonly ProcessorId[], id: ViewId): void {
    const state = this.#state;
    const begun = state.assembly.incomplete(state.self);
    if (begun !== null) state.outgoing.restart(this.#voided(begun));
    state.assembly.added();
    if (added === state.self) {
      this.install({ id, members, cause: 'joined', transitional: [added] });
    } else if (state.isInstalled) {
      const transitional = state.members;
      this.install({ id, members, cause: 'added', transitional });
      this.#passage.added();
    } else {
      this.#follow(id, members);
    }
  }

  /** Nobody waits for who is not added: its silence means nothing. */
  #addedInVain(id: ProcessorId): void {
    const { order, suspicion } = this.#state;
    if (!order.members.includes(id)) suspicion.unwatch(id);
  }

  /** Who joins, or has left, goes on to a view that it is not given. */
  #follow(id: ViewId, members: readonly ProcessorId[]): void {
    this.#state.setMembers(members);
    this.#state.view = id;
  }

  #removed(removed: ProcessorId, members: readonly ProcessorId[], id: ViewId): void {
    const state = this.#state;
    if (removed === state.self) {
      // It may still have to take part in an agreement: with the members that all others will have, too.
      this.#follow(id, members);
      state.standing = 'left';
      state.primacy.judge(true);
      state.emit({ kind: 'left', group: state.id });
      return;
    }
    if (state.isInstalled) this.install({ id, members, cause: 'removed', transitional: members });
    else this.#follow(id, members);
    state.depart(removed, id, false);
  }

  /**
   * A processor is added while a message of this one is incomplete: the messages that are void by it, which are those
   * that this processor has sent and that are not delivered. The one whose last piece was not sent is still outgoing.
   */
  #voided(begun: Incomplete): readonly OutgoingMessage[] {
    const { delivery, order, self } = this.#state;
    const sent = [...delivery.waiting.all(), ...(order.lane(self)?.waiting.all() ?? [])];
    const messages: OutgoingMessage[] = [];
    let { request } = begun;
    let pieces: Uint8Array[] = [...begun.pieces];
    for (const { source, safe, body } of sent) {
      if (source !== self || body.type !== 'regular') continue;
      for (const part of body.parts) {
        if (part.first) {
          pieces = [];
          request = part.request;
        }
        pieces.push(part.bytes);
        if (part.last) messages.push({ bytes: joined(pieces), safe, request });
      }
    }
    return messages;
  }
}
