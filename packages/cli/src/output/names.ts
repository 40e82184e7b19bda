import type { Event } from '@choir/client';
import { printable } from './printable.ts';

/** The display names of a group's members, as far as they were seen. */
export class Names {
  readonly #names = new Map<string, string>();

  set(client: string, name: string): void {
    this.#names.set(client, name);
  }

  get(client: string): string | undefined {
    return this.#names.get(client);
  }

  /** For people: the name, and the id beside it when they differ. */
  label(client: string): string {
    const name = this.#names.get(client);
    return printable(name === undefined || name === client ? client : name);
  }

  /** Call before rendering the event as a line: a new member has its name from its own event on. */
  before(event: Event): void {
    if (event.kind === 'new_member') this.set(event.clientId, event.name);
  }

  /** Call after rendering it: who is renamed is still known by the old name. */
  after(event: Event): void {
    if (event.kind === 'renamed_member') this.set(event.clientId, event.name);
  }
}
