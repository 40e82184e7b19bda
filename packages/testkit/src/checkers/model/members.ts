/** The three states of a member (paper §6), folded from the membership events of one group. */
import type { GroupEvent } from '../group-event.ts';

export type Member = {
  readonly name: string;
  readonly status: 'member' | 'disconnected_member';
  /** Position of the event that made it so. */
  readonly since: number;
};

export class Members {
  readonly #members = new Map<string, Member>();

  get(client: string): Member | null {
    return this.#members.get(client) ?? null;
  }

  get all(): ReadonlyMap<string, Member> {
    return this.#members;
  }

  apply(event: GroupEvent, seq: number): void {
    switch (event.event) {
      case 'new_member':
        this.#members.set(event.client, { name: event.name, status: 'member', since: seq });
        return;
      case 'disconnected_member':
        this.#change(event.client, { status: 'disconnected_member', since: seq });
        return;
      case 'rejoined_member':
        this.#change(event.client, { status: 'member', since: seq });
        return;
      case 'renamed_member':
        this.#change(event.client, { name: event.name });
        return;
      case 'non_member':
        this.#members.delete(event.client);
        return;
      default:
    }
  }

  #change(client: string, change: Partial<Member>): void {
    const member = this.#members.get(client);
    if (member !== undefined) this.#members.set(client, { ...member, ...change });
  }
}
