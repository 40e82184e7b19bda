import type { ClientId, Event } from '@choir/protocol';
import { printable } from './printable.ts';

/** The display names of a group's members, as far as they were seen. */
export class Names {
  readonly #names = new Map<ClientId, string>();

  set(client: ClientId, name: string): void {
    this.#names.set(client, name);
  }

  get(client: ClientId): string | undefined {
    return this.#names.get(client);
  }

  /** For people: the name, and the id beside it when they differ. */
  label(client: ClientId): string {
    const name = this.#names.get(client);
    return printable(name === undefined || name === client ? client : name);
  }

  /** Call before rendering the event: a new name counts from its own event on. */
  learn(event: Event): void {
    if (event.kind === 'new_member') this.set(event.clientId, event.name);
  }

  /** Call after rendering it. */
  forget(event: Event): void {
    if (event.kind === 'renamed_member') this.set(event.clientId, event.name);
  }
}
