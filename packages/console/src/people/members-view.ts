/** Who is there, who is away and may come back, and who was there. */
import type { Member, MembershipChange } from '@choir/client';
import { made } from '../page/elements.ts';
import type { Names } from './names.ts';

/** Of those who are no members any more, so many are shown. */
const formerMax = 5;

type Former = { readonly name: string; readonly how: string };

export class MembersView {
  readonly #list: HTMLUListElement;
  readonly #count: HTMLElement;
  readonly #former = new Map<string, Former>();

  constructor(list: HTMLUListElement, count: HTMLElement) {
    this.#list = list;
    this.#count = count;
  }

  clear(): void {
    this.#former.clear();
    this.#count.textContent = '';
    this.#list.replaceChildren();
  }

  /** `names` still has that of somebody who has just left. */
  changed(change: MembershipChange, names: Names): void {
    this.#former.delete(change.clientId);
    if (change.kind !== 'non_member') return;
    const how = change.cause === 'left' ? 'left' : 'did not come back';
    this.#former.set(change.clientId, { name: names.of(change.clientId), how });
    const [oldest] = this.#former.keys();
    if (this.#former.size > formerMax && oldest !== undefined) this.#former.delete(oldest);
  }

  show(members: readonly Member[], me: string | null, names: Names): void {
    const here = members.filter(({ status }) => status === 'member').length;
    this.#count.textContent = `${here}`;
    const rows = members.map(({ clientId, name, status }) => {
      const marks = clientId === me ? ['you'] : [];
      if (status === 'disconnected_member') marks.push('away');
      return row({ clientId, name, status, marks, colour: names.colourOf(clientId) });
    });
    for (const [clientId, { name, how }] of this.#former) {
      if (members.some((member) => member.clientId === clientId)) continue;
      rows.push(row({ clientId, name, status: 'non_member', marks: [how], colour: '' }));
    }
    this.#list.replaceChildren(...rows);
  }
}

type Row = {
  readonly clientId: string;
  readonly name: string;
  readonly status: Member['status'] | 'non_member';
  readonly marks: readonly string[];
  readonly colour: string;
};

function row({ clientId, name, status, marks, colour }: Row): HTMLLIElement {
  const item = made('li');
  item.className = colour;
  item.dataset['status'] = status;
  item.title = clientId;
  // Each name keeps its own direction, whatever characters are in it.
  item.append(made('bdi', name), ...marks.map((mark) => made('small', mark)));
  return item;
}
