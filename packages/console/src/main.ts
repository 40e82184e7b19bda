/** The page: one client, with an identity of its own in each window, in one group at a time. */
import { ChoirError, type Client, connect } from '@choir/client';
import { sightOf } from './connection-view.ts';
import { element } from './elements.ts';
import { MessagesView } from './messages-view.ts';
import { Notice } from './notice.ts';
import { Room, type Views } from './room.ts';
import { TextView } from './text-view.ts';

const groupField = element('group', HTMLInputElement);
const nameField = element('name', HTMLInputElement);
const messageField = element('message', HTMLInputElement);
const status = element('connection', HTMLParagraphElement);
const notice = new Notice(
  element('notice', HTMLDivElement),
  element('notice-text', HTMLParagraphElement),
  element('dismiss', HTMLButtonElement),
);
const views: Views = {
  members: element('members', HTMLUListElement),
  messages: new MessagesView(element('messages', HTMLOListElement)),
  text: new TextView(element('text', HTMLTextAreaElement)),
  notice,
};

const address = new URL('.', location.href.replace(/^http/, 'ws'));
address.hash = '';
const client = connect(address.href, { agent: 'choir-console' });
let room: Room | null = null;
let wasOnline = false;

function showConnection(client: Client): void {
  const { connection, pending } = client;
  wasOnline ||= connection.state === 'online';
  const sight = sightOf(connection, { pending, wasOnline });
  status.dataset['state'] = sight.state;
  status.textContent = sight.text;
  status.title = sight.title;
}

async function enter(group: string): Promise<void> {
  room?.leave();
  notice.clear();
  views.messages.clear();
  groupField.value = group;
  document.title = `${group} · Choir`;
  room = new Room(client, views);
  try {
    await room.enter(group, nameField.value);
  } catch (error) {
    if (!(error instanceof ChoirError)) throw error;
    notice.tell(error.message);
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
  return sessionStorage.getItem('name') ?? `Guest ${100 + (drawn % 900)}`;
}

client.on('connection', () => showConnection(client));
client.on('pending', () => showConnection(client));
client.on('delayed', ({ code }) => {
  notice.tell(`The server cannot take messages now (${code}). They are kept and sent again.`);
});
client.on('ended', ({ message }) => notice.tell(`${message} Load the page again to come back.`));

element('speak', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const words = messageField.value;
  messageField.value = '';
  if (words.trim() !== '') void room?.say(words);
});
element('entrance', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  if (groupField.value !== groupOfAddress()) location.hash = encodeURIComponent(groupField.value);
});
nameField.addEventListener('change', () => {
  sessionStorage.setItem('name', nameField.value);
  void room?.rename(nameField.value);
});
window.addEventListener('hashchange', () => void enter(groupOfAddress()));
window.addEventListener('beforeunload', (event) => {
  if (client.pending > 0) event.preventDefault();
});
window.addEventListener('pagehide', ({ persisted }) => {
  // A page that the browser keeps may come back, and then goes on.
  if (!persisted) room?.leave();
});

nameField.value = ownName();
showConnection(client);
void enter(groupOfAddress());
