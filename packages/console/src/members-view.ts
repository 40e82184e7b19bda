/** Who is there. */
import type { Member } from '@choir/client';
import { made } from './elements.ts';

export function showMembers(
  list: HTMLUListElement,
  members: readonly Member[],
  me: string | null,
): void {
  const rows = members.map(({ clientId, name, status }) => {
    const row = made('li');
    row.dataset['status'] = status;
    row.title = clientId;
    row.append(made('span', name));
    if (clientId === me) row.append(made('small', 'you'));
    if (status === 'disconnected_member') row.append(made('small', 'disconnected'));
    return row;
  });
  list.replaceChildren(...rows);
}
