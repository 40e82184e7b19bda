/** One group on the page, from entering to leaving it. */
import {
  ChoirError,
  type Client,
  type Group,
  type MembershipChange,
  type Message,
  type Rejoined,
  text,
  type Unsubscribe,
} from '@choir/client';
import { Board } from './board/board.ts';
import type { BoardView } from './board/board-view.ts';
import { explained, type OwnWork } from './connection/own-work.ts';
import { encodePointer, type Pointer } from './cursors/pointer.ts';
import { Pointers } from './cursors/pointers.ts';
import type { Notice } from './page/notice.ts';
import type { MembersView } from './people/members-view.ts';
import { Names } from './people/names.ts';
import type { MessagesView } from './talk/messages-view.ts';
import { SharedText } from './text/shared-text.ts';
import type { TextView } from './text/text-view.ts';

/** The object that the shared text is kept on. */
const textObject = 'text.yjs';

/** What is said when nothing more comes of a group; empty: it is told elsewhere. */
const endings = {
  deleted: 'The group was deleted.',
  left: 'The group was left.',
  unwatched: 'The group was left.',
  refused: '',
  closed: '',
} as const;
const toldElsewhere: ReadonlySet<string> = new Set(['LEFT', 'ABORTED', 'CLOSED']);

export type Views = {
  readonly members: MembersView;
  readonly messages: MessagesView;
  readonly text: TextView;
  readonly board: BoardView;
  readonly notice: Notice;
};

export type RoomParts = {
  readonly client: Client;
  readonly views: Views;
  readonly work: OwnWork;
  /** How long what is held outlives a cut, milliseconds. */
  readonly graceMs: () => number;
  /** Up to this local id messages are of an earlier page of this window. */
  readonly earlierUpTo: number;
  readonly rejoined: (rejoined: Rejoined) => void;
  /** Entered anew, or at an end: there is nothing to come back to. */
  readonly fresh: () => void;
};

export class Room {
  readonly #parts: RoomParts;
  readonly #names = new Names();
  readonly #pointers = new Pointers();
  readonly #unsubscribe: Unsubscribe[] = [];
  #group: Group | null = null;
  #text: SharedText | null = null;
  #board: Board | null = null;
  #over = false;

  constructor(parts: RoomParts) {
    this.#parts = parts;
  }

  /** Left, deleted, or never entered. */
  get isOver(): boolean {
    return this.#over || this.#group === null;
  }

  /** How long what this page holds outlives a cut, milliseconds; null: it holds nothing. */
  get graceMs(): number | null {
    return this.#board?.graceMs ?? null;
  }

  /** @throws BAD_NAME, FORBIDDEN, and why else the group does not let this client in */
  async enter(group: string, name: string): Promise<void> {
    try {
      await this.#parts.client.join(group, { name, begin: (joining) => this.#listen(joining) });
    } catch (error) {
      // Left before it was entered, or told by `left` and `ended`.
      if (!(error instanceof ChoirError) || !toldElsewhere.has(error.code)) throw error;
    }
  }

  leave(): void {
    this.#end();
    void this.#group?.leave();
  }

  /** Resolves to false when the name was not taken, which is told. */
  async rename(name: string): Promise<boolean> {
    try {
      await this.#group?.rename(name);
      return true;
    } catch (error) {
      if (!(error instanceof ChoirError)) throw error;
      this.#parts.views.notice.tell(`The name was not changed: ${error.message}`);
      return error.code !== 'BAD_NAME';
    }
  }

  async say(words: string): Promise<void> {
    if (this.#group === null) return;
    const { views, work } = this.#parts;
    const waiting = views.messages.waits(this.#myName(), words);
    const sent = this.#group.broadcast(words);
    const label = `Said “${words.length > 30 ? `${words.slice(0, 29)}…` : words}”`;
    const again = (): void => void this.say(words);
    void work.track({ key: `said ${crypto.randomUUID()}`, label, again }, sent);
    try {
      await sent;
      waiting.arrived();
    } catch (error) {
      if (!(error instanceof ChoirError)) throw error;
      waiting.refused(error.message);
    }
  }

  #listen(group: Group): void {
    this.#group = group;
    const { messages, notice, board } = this.#parts.views;
    this.#unsubscribe.push(
      group.on('joined', () => this.#joined(group)),
      group.on('message', (message) => this.#received(message)),
      group.on('lock', () => board.refreshSoon()),
      group.on('volatile', ({ sender, data }) => {
        if (this.#pointers.receive(sender, data, performance.now())) board.refreshSoon();
      }),
      group.on('membership', (change) => this.#changed(change)),
      // Asked for by an earlier page of this window: nobody would give it back.
      group.on('recovered', (lock) => void lock.release()),
      group.on('refused', ({ localId, error }) => {
        // A lock that an earlier page gave back may have ended by itself.
        if (error.code !== 'NO_LOCK') this.#earlierVoid(localId, explained(error));
      }),
      group.on('withdrawn', ({ localId }) =>
        this.#earlierVoid(localId, explained({ code: 'WITHDRAWN_CONFLICT', message: '' })),
      ),
      group.on('rejoined', (rejoined) => this.#rejoined(rejoined)),
      group.on('left', ({ why }) => {
        this.#end();
        messages.clear();
        this.#parts.fresh();
        const words = endings[why];
        if (words !== '') notice.tell(`${words} Enter it again to begin anew.`);
      }),
    );
  }

  #joined(group: Group): void {
    this.#showMembers();
    this.#openText(group);
    this.#openBoard(group);
    this.#parts.fresh();
  }

  #openText(group: Group): void {
    const { views, work } = this.#parts;
    const { text: view, notice } = views;
    const track = (sent: Promise<unknown>): void => {
      void work.track({ key: 'text', label: 'Wrote in the shared text' }, sent);
    };
    this.#text = new SharedText(group.object(textObject), {
      changed: (changes) => view.refresh(changes),
      replaced: () => view.refresh([]),
      sent: track,
      refused: (why) => notice.tell(`A change to the shared text was not taken: ${why}`),
      unreadable: () => notice.tell('The shared text holds something that this page cannot read.'),
    });
    view.show(this.#text);
  }

  #openBoard(group: Group): void {
    const { client, views, work, graceMs } = this.#parts;
    const { board: view, notice } = views;
    const board = new Board(
      { group, work, graceMs },
      {
        changed: () => view.refreshSoon(),
        lost: (object, why) => {
          view.lost(object);
          notice.tell(`A shape that you held is not yours any more. ${why}`);
        },
      },
    );
    this.#board = board;
    view.use({
      board,
      pointers: this.#pointers,
      names: this.#names,
      point: (pointer: Pointer) => group.volatile(encodePointer(pointer)),
      isOnline: () => client.connection.state === 'online',
      tell: (words) => notice.tell(words),
    });
  }

  #received(message: Message): void {
    this.#text?.receive(message);
    this.#board?.receive(message);
    if (message.kind !== 'bcast') return;
    const { sender, time, data } = message;
    const author = { name: this.#names.of(sender), colour: this.#names.colourOf(sender) };
    this.#parts.views.messages.said(author, text(data), time);
  }

  #changed(change: MembershipChange): void {
    const { messages, members, board } = this.#parts.views;
    members.changed(change, this.#names);
    const told = this.#names.told(change);
    if (told !== null) messages.happened(told, change.time);
    const isAway = change.kind === 'disconnected_member' || change.kind === 'non_member';
    if (isAway) this.#pointers.forget(change.clientId);
    this.#showMembers();
    board.refreshSoon();
  }

  #rejoined(rejoined: Rejoined): void {
    this.#showMembers();
    if (rejoined.gap) this.#text?.restart();
    this.#pointers.clear();
    this.#parts.views.board.refresh();
    this.#parts.rejoined(rejoined);
  }

  /** Nobody waits for a promise that an earlier page was given. */
  #earlierVoid(localId: number, why: string): void {
    const { views, earlierUpTo } = this.#parts;
    if (localId > earlierUpTo) return;
    views.notice.tell(`What you did before the page was loaded again had no effect. ${why}`);
  }

  #showMembers(): void {
    const members = this.#group?.members() ?? [];
    this.#names.know(members);
    this.#parts.views.members.show(members, this.#parts.client.clientId, this.#names);
  }

  #myName(): string {
    const { clientId } = this.#parts.client;
    return clientId === null ? '' : this.#names.of(clientId);
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    for (const stop of this.#unsubscribe) stop();
    const { text: textView, board, members } = this.#parts.views;
    textView.show(null);
    board.use(null);
    members.clear();
  }
}
