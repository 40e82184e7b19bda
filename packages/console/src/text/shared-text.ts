/**
 * One text that all members of a group write, kept on an object of the group.
 *
 * Each change is an INC of that object and carries a Yjs update; every client merges the updates that
 * it received, so that all come to the same text whoever wrote first. It knows no page.
 *
 * - T1 Two clients that received the same updates, and have nothing pending, show the same text.
 * - T2 A change that was not taken disappears here, too, and is told. What was only discarded with another
 *   change is sent again: it merges wherever it comes.
 * - T3 The object is never compacted. A NEW of the merged text purges what others sent in between, and
 *   so needs the object's lock; but a lock makes their changes conflict (paper §7.2), and a window that
 *   is away would lose all that it has pending for our tidiness. The service bounds what a group holds
 *   (docs/design/groups.md, "Limits"); beyond that, changes are refused and told.
 */
import { ChoirError, type Message, type SharedObject } from '@choir/client';
import * as Y from 'yjs';
import type { TextChange } from './text-change.ts';

/** The name of the text within the Yjs document. */
const textName = 'text';

/** What of the client's object is used here. */
type TextObject = Pick<SharedObject, 'id' | 'updates' | 'update'>;

export type SharedTextEvents = {
  /** Others changed it, in these places one after the other. */
  readonly changed: (changes: readonly TextChange[]) => void;
  /** It is another text as a whole. */
  readonly replaced: () => void;
  /** An own change is on its way. */
  readonly sent: (outcome: Promise<unknown>) => void;
  /** An own change was not taken. */
  readonly refused: (why: string) => void;
  /** What the object holds was not written by this page. */
  readonly unreadable: () => void;
};

export class SharedText {
  readonly #object: TextObject;
  readonly #events: SharedTextEvents;
  readonly #pending = new Set<Uint8Array>();
  /** Updates that wait while somebody is in the middle of a change; null: they do not wait. */
  #held: Uint8Array[] | null = null;
  #document = new Y.Doc();

  constructor(object: TextObject, events: SharedTextEvents) {
    this.#object = object;
    this.#events = events;
    this.#read();
  }

  toString(): string {
    return this.#document.getText(textName).toString();
  }

  edit({ at, deleted, inserted }: TextChange): void {
    const text = this.#document.getText(textName);
    this.#document.transact(() => {
      if (deleted > 0) text.delete(at, deleted);
      if (inserted !== '') text.insert(at, inserted);
    });
  }

  /** What others write does not appear until `release`: it is merged then. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const update of held) this.#merge(update);
  }

  /** A delivery of the group. */
  receive(message: Message): void {
    if (message.kind === 'group_state') this.restart();
    if (message.kind !== 'obj_state' || message.object !== this.#object.id) return;
    if (message.update === 'NEW') this.restart();
    else this.#merge(message.data);
  }

  /** Begins again with what the object holds, and with what is pending. */
  restart(): void {
    this.#document.destroy();
    // A new author: whoever has an update of the old one that others never get would wait for it.
    this.#document = new Y.Doc();
    this.#held = null;
    this.#read();
    this.#events.replaced();
  }

  #read(): void {
    for (const update of this.#object.updates()) this.#merge(update);
    for (const update of this.#pending) this.#merge(update);
    this.#document.on('update', (update: Uint8Array, _origin: unknown, _of: Y.Doc, { local }) => {
      if (local) void this.#send(update);
    });
    this.#document.getText(textName).observe((event) => {
      if (!event.transaction.local) this.#events.changed(changesOf(event));
    });
  }

  #merge(update: Uint8Array): void {
    if (this.#held !== null) {
      this.#held.push(update);
      return;
    }
    try {
      Y.applyUpdate(this.#document, update);
    } catch {
      this.#events.unreadable();
    }
  }

  async #taken(update: Uint8Array): Promise<void> {
    for (;;) {
      try {
        await this.#object.update(update);
        return;
      } catch (error) {
        if (!isBystander(error)) throw error;
      }
    }
  }

  async #send(update: Uint8Array): Promise<void> {
    this.#pending.add(update);
    const outcome = this.#taken(update);
    this.#events.sent(outcome);
    try {
      await outcome;
      this.#pending.delete(update);
    } catch (error) {
      this.#pending.delete(update);
      if (!(error instanceof ChoirError)) throw error;
      this.restart();
      this.#events.refused(error.message);
    }
  }
}

/** Paper §7.2: with a message in conflict all that follow it in the group are withdrawn. */
function isBystander(error: unknown): boolean {
  return error instanceof ChoirError && error.code === 'WITHDRAWN_DISCARDED';
}

/** Each counted in the text that the ones before it have left. */
function changesOf(event: Y.YTextEvent): readonly TextChange[] {
  const changes: TextChange[] = [];
  let at = 0;
  for (const { retain = 0, insert, delete: deleted = 0 } of event.delta) {
    at += retain;
    const inserted = typeof insert === 'string' ? insert : '';
    if (deleted > 0 || inserted !== '') changes.push({ at, deleted, inserted });
    at += inserted.length;
  }
  return changes;
}
