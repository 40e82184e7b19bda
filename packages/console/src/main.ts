/** The page: one client, with an identity of its own in each window, in one group at a time. */
import { ChoirError, type Client, connect, type Rejoined } from '@choir/client';
import { BoardView } from './board/board-view.ts';
import { kinds } from './board/shape.ts';
import type { Absence } from './connection/absence.ts';
import { AbsenceView } from './connection/absence-view.ts';
import { sightOf } from './connection/connection-view.ts';
import { Line } from './connection/line.ts';
import { OwnWork } from './connection/own-work.ts';
import { forgetOutbox, openOutbox } from './connection/stored-outbox.ts';
import {
  askForToken,
  forgetToken,
  keptToken,
  wantsToken,
  withToken,
} from './connection/token-dialog.ts';
import { element } from './page/elements.ts';
import { keep, kept } from './page/kept.ts';
import { Notice } from './page/notice.ts';
import { MembersView } from './people/members-view.ts';
import { Room, type Views } from './room.ts';
import { MessagesView } from './talk/messages-view.ts';
import { TextView } from './text/text-view.ts';

const groupField = element('group', HTMLInputElement);
const nameField = element('name', HTMLInputElement);
const messageField = element('message', HTMLInputElement);
const graceField = element('grace', HTMLSelectElement);
const cutButton = element('cut', HTMLButtonElement);
const status = element('connection', HTMLParagraphElement);
const statusState = element('connection-state', HTMLSpanElement);
const statusPending = element('connection-pending', HTMLSpanElement);
const notice = new Notice(
  element('notice', HTMLDivElement),
  element('notice-text', HTMLParagraphElement),
  element('dismiss', HTMLButtonElement),
);
const board = new BoardView(
  element('board', SVGSVGElement),
  element('selection', HTMLDivElement),
  element('board-hint', HTMLParagraphElement),
);
const views: Views = {
  members: new MembersView(
    element('members', HTMLUListElement),
    element('member-count', HTMLSpanElement),
  ),
  messages: new MessagesView(element('messages', HTMLOListElement)),
  text: new TextView(element('text', HTMLTextAreaElement)),
  board,
  notice,
};
const line = new Line();
const work = new OwnWork(() => absenceView.refresh());
const absenceView = new AbsenceView(element('absence', HTMLElement), work);

class Page {
  readonly #client: Client;
  readonly #earlierUpTo: number;
  #room: Room | null = null;
  #wasOnline = false;
  /** The client is closed for good, which was told. */
  #isClosed = false;
  /** Since when there is no connection, as `performance.now()` counts; null while there is one. */
  #awaySince: number | null = null;

  constructor(client: Client, earlierUpTo: number) {
    this.#client = client;
    this.#earlierUpTo = earlierUpTo;
    client.on('connection', () => this.#connectionChanged());
    client.on('pending', () => this.#showConnection());
    client.on('delayed', ({ code }) => {
      notice.tell(`The server cannot take messages now (${code}). They are kept and sent again.`);
    });
    client.on('ended', ({ code, message }) => this.#ended(code, message));
    line.onChange(() => this.#showConnection());
    this.#showConnection();
  }

  async enter(group: string): Promise<void> {
    this.#room?.leave();
    notice.clear();
    if (this.#awaySince === null) absenceView.clear();
    else this.#showAway(this.#awaySince, null);
    views.messages.clear();
    groupField.value = group;
    document.title = `${group} · Choir`;
    this.#room = new Room({
      client: this.#client,
      views,
      work,
      graceMs: () => Number(graceField.value),
      earlierUpTo: this.#earlierUpTo,
      rejoined: (rejoined) => this.#rejoined(rejoined),
      fresh: () => this.#nothingToComeBackTo(),
    });
    try {
      await this.#room.enter(group, nameField.value);
    } catch (error) {
      if (!(error instanceof ChoirError)) throw error;
      if (!this.#isClosed) notice.tell(error.message);
    }
  }

  /** For a group that was deleted, or could not be entered; else nothing is to be done. */
  async enterAgain(group: string): Promise<void> {
    if (this.#room?.isOver !== false) await this.enter(group);
  }

  /** False: there is no group to say it to. */
  say(words: string): boolean {
    if (this.#room?.isOver !== false) {
      notice.tell('Enter a group first: here is nobody who would hear it.');
      return false;
    }
    void this.#room.say(words);
    return true;
  }

  /** Resolves to false when that is no name. */
  async rename(name: string): Promise<boolean> {
    return this.#room === null || this.#room.rename(name);
  }

  #connectionChanged(): void {
    const { state } = this.#client.connection;
    if (state === 'online') this.#wasOnline = true;
    else if (state !== 'closed' && this.#wasOnline && this.#awaySince === null) this.#goneAway();
    this.#showConnection();
    board.refresh();
  }

  #goneAway(): void {
    const since = performance.now();
    this.#awaySince = since;
    work.away();
    this.#showAway(since, this.#room?.graceMs ?? null);
  }

  #showAway(since: number, graceMs: number | null): void {
    absenceView.show((): Absence => {
      return { kind: 'away', awayMs: performance.now() - since, cut: line.isCut, graceMs };
    });
  }

  /** The group is another one than that which was followed before the absence, or is no more. */
  #nothingToComeBackTo(): void {
    if (this.#awaySince === null || this.#client.connection.state !== 'online') return;
    this.#awaySince = null;
    work.back();
    absenceView.clear();
  }

  #rejoined(rejoined: Rejoined): void {
    const awayMs = performance.now() - (this.#awaySince ?? performance.now());
    this.#awaySince = null;
    work.back();
    absenceView.show(() => ({ kind: 'back', awayMs, rejoined }));
  }

  #showConnection(): void {
    const { connection, pending } = this.#client;
    const sight = sightOf(connection, { pending, wasOnline: this.#wasOnline });
    status.dataset['state'] = sight.state;
    if (statusState.textContent !== sight.state) statusState.textContent = sight.state;
    statusPending.textContent = sight.pending;
    status.title = sight.title;
    cutButton.textContent = line.isCut ? 'Mend my line' : 'Cut my line';
    cutButton.dataset['cut'] = `${line.isCut}`;
    cutButton.disabled = sight.state === 'closed';
  }

  #ended(code: string, message: string): void {
    this.#isClosed = true;
    absenceView.clear();
    if (wantsToken(code)) {
      const why = keptToken() === null ? 'This server asks who you are.' : message;
      forgetToken();
      const ask = (): void => askForToken(why, () => location.reload());
      // Who closes the dialog finds the way back to it.
      notice.tell(why, { words: 'Enter a token', act: ask });
      ask();
    } else if (code === 'WRONG_SECRET' || code === 'EXPIRED') {
      notice.tell(`${message} This window can begin anew, without what it had pending.`, {
        words: 'Begin anew',
        act: () => void this.#beginAnew(),
      });
    } else {
      notice.tell(message, { words: 'Come back', act: () => location.reload() });
    }
  }

  async #beginAnew(): Promise<void> {
    try {
      await forgetOutbox();
      location.reload();
    } catch (error) {
      if (!(error instanceof ChoirError)) throw error;
      notice.tell(`${error.message} Close the other windows of this page first.`, {
        words: 'Begin anew',
        act: () => void this.#beginAnew(),
      });
    }
  }
}

function groupOfAddress(): string {
  const hash = location.hash.slice(1);
  try {
    return decodeURIComponent(hash) || 'lobby';
  } catch {
    return hash;
  }
}

/** Kept in the window, so that who loads the page again keeps the name. */
function ownName(): string {
  const [drawn = 0] = crypto.getRandomValues(new Uint16Array(1));
  return kept('name') ?? `Guest ${100 + (drawn % 900)}`;
}

async function open(): Promise<Page> {
  const address = new URL('.', location.href.replace(/^http/, 'ws'));
  address.hash = '';
  const { outbox, problem } = await openOutbox();
  const earlierUpTo = outbox?.load().lastLocalId ?? 0;
  const client = withToken((token) =>
    connect(address.href, {
      agent: 'choir-console',
      WebSocket: line.WebSocket,
      ...(outbox === null ? {} : { outbox }),
      ...(token === null ? {} : { token }),
    }),
  );
  // Nobody leaves a group by loading the page again: who closes it is away, and later gone.
  window.addEventListener('beforeunload', (event) => {
    if (outbox === null && client.pending > 0) event.preventDefault();
  });
  const page = new Page(client, earlierUpTo);
  await page.enter(groupOfAddress());
  if (problem !== '') notice.tell(problem);
  return page;
}

function keepName(name: string): void {
  keep('name', name, { forGood: false });
}

/** What turns out to be no name is not kept: with it no group could be entered. */
async function rename(name: string): Promise<void> {
  const before = ownName();
  keepName(name);
  const page = await opening;
  if ((await page.rename(name)) || kept('name') !== name) return;
  keepName(before);
  nameField.value = before;
}

nameField.value = ownName();
keepName(nameField.value);
const opening = open();

element('speak', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  void opening.then((page) => {
    const words = messageField.value;
    if (words.trim() === '' || page.say(words)) messageField.value = '';
  });
});
element('entrance', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const group = groupField.value;
  if (group !== groupOfAddress()) location.hash = encodeURIComponent(group);
  else void opening.then((page) => page.enterAgain(group));
});
nameField.addEventListener('change', () => {
  void rename(nameField.value);
});
cutButton.addEventListener('click', () => (line.isCut ? line.mend() : line.cut()));
for (const kind of kinds) {
  element(`add-${kind}`, HTMLButtonElement).addEventListener('click', () => board.add(kind));
}
window.addEventListener('hashchange', () => {
  void opening.then((page) => page.enter(groupOfAddress()));
});
