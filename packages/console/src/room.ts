/** One group on the page, from entering to leaving it. */
import {
  ChoirError,
  type Client,
  type Group,
  type Message,
  type Rejoined,
  text,
  type Unsubscribe,
} from '@choir/client';
import { showMembers } from './members-view.ts';
import type { MessagesView } from './messages-view.ts';
import { Names } from './names.ts';
import type { Notice } from './notice.ts';
import { SharedText } from './shared-text.ts';
import type { TextView } from './text-view.ts';

/** The object that the shared text is kept on. */
const textObject = 'text.yjs';

export type Views = {
  readonly members: HTMLUListElement;
  readonly messages: MessagesView;
  readonly text: TextView;
  readonly notice: Notice;
};

export class Room {
  readonly #client: Client;
  readonly #views: Views;
  readonly #names = new Names();
  readonly #unsubscribe: Unsubscribe[] = [];
  #group: Group | null = null;
  #text: SharedText | null = null;
  #over = false;

  constructor(client: Client, views: Views) {
    this.#client = client;
    this.#views = views;
  }

  /** @throws BAD_NAME */
  async enter(group: string, name: string): Promise<void> {
    try {
      await this.#client.join(group, { name, begin: (joining) => this.#listen(joining) });
    } catch (error) {
      // Left before it was entered, or told by `left` and `ended`.
      const told = error instanceof ChoirError && error.code !== 'BAD_NAME';
      if (!told) throw error;
    }
  }

  leave(): void {
    this.#end();
    void this.#group?.leave();
  }

  async rename(name: string): Promise<void> {
    try {
      await this.#group?.rename(name);
    } catch (error) {
      if (!(error instanceof ChoirError)) throw error;
      this.#views.notice.tell(`The name was not changed: ${error.message}`);
    }
  }

  async say(words: string): Promise<void> {
    if (this.#group === null) return;
    const waiting = this.#views.messages.waits(this.#myName(), words);
    try {
      await this.#group.broadcast(words);
      waiting.arrived();
    } catch (error) {
      if (!(error instanceof ChoirError)) throw error;
      waiting.refused(error.message);
    }
  }

  #listen(group: Group): void {
    this.#group = group;
    this.#unsubscribe.push(
      group.on('joined', () => this.#joined(group)),
      group.on('message', (message) => this.#received(message)),
      group.on('membership', (change) => {
        this.#views.messages.happened(this.#names.told(change), change.time);
        this.#showMembers();
      }),
      group.on('rejoined', (rejoined) => this.#rejoined(rejoined)),
      group.on('left', ({ why }) => {
        this.#end();
        const deleted = why === 'deleted' ? 'The group was deleted.' : 'The group was left.';
        if (why !== 'closed') this.#views.notice.tell(`${deleted} Enter it again to begin anew.`);
      }),
    );
  }

  #joined(group: Group): void {
    this.#showMembers();
    const { text: view, notice } = this.#views;
    this.#text = new SharedText(group.object(textObject), {
      changed: (changes) => view.refresh(changes),
      replaced: () => view.refresh([]),
      refused: (why) => notice.tell(`A change to the shared text was not taken: ${why}`),
      unreadable: () => notice.tell('The shared text holds something that this page cannot read.'),
    });
    view.show(this.#text);
  }

  #received(message: Message): void {
    this.#text?.receive(message);
    if (message.kind !== 'bcast') return;
    this.#views.messages.said(this.#names.of(message.sender), text(message.data), message.time);
  }

  #rejoined({ conflicts, discarded, gap }: Rejoined): void {
    this.#showMembers();
    const { notice } = this.#views;
    if (gap) {
      this.#text?.restart();
      notice.tell('What happened while you were away is not known. This is the present state.');
    }
    const withdrawn = conflicts.length + discarded.length;
    if (withdrawn === 0) return;
    notice.tell(
      `Others changed what you had changed while you were away: ${withdrawn} of your messages ` +
        'had no effect. What you see is what counts.',
    );
  }

  #showMembers(): void {
    const members = this.#group?.members() ?? [];
    this.#names.know(members);
    showMembers(this.#views.members, members, this.#client.clientId);
  }

  #myName(): string {
    return this.#client.clientId === null ? '' : this.#names.of(this.#client.clientId);
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    for (const stop of this.#unsubscribe) stop();
    this.#views.text.show(null);
    this.#views.members.replaceChildren();
  }
}
