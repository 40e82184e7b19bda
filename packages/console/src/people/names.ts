/**
 * Names and colours of those who are, or were, in a group: who has left is still the author of what was
 * said.
 */
import type { Member, MembershipChange } from '@choir/client';
import { coloursOf, strangersColour } from './people.ts';

/** Of a sender who never was a member, so much of the id is shown. */
const idCharactersShown = 8;
/** Of so many clients the names are known; those who were seen longest ago are forgotten first. */
const namesMax = 10_000;

export class Names {
  readonly #names = new Map<string, string>();
  #colours: ReadonlyMap<string, string> = new Map();

  know(members: readonly Member[]): void {
    for (const { clientId, name } of members) this.#learn(clientId, name);
    this.#colours = coloursOf(members.map(({ clientId }) => clientId));
  }

  /** A class of `style/people.css`. */
  colourOf(clientId: string): string {
    return this.#colours.get(clientId) ?? strangersColour(clientId);
  }

  of(clientId: string): string {
    return this.#names.get(clientId) ?? clientId.slice(0, idCharactersShown);
  }

  /** What a change of the membership says to people; learns the names that are in it. Null: nothing. */
  told(change: MembershipChange): string | null {
    const before = this.of(change.clientId);
    switch (change.kind) {
      case 'new_member':
        this.#learn(change.clientId, change.name);
        return `${change.name} joined`;
      case 'renamed_member':
        this.#learn(change.clientId, change.name);
        return before === change.name ? null : `${before} is now ${change.name}`;
      case 'disconnected_member':
        return `${before} was disconnected`;
      case 'rejoined_member':
        return `${before} is back`;
      case 'non_member':
        return change.cause === 'left' ? `${before} left` : `${before} did not come back`;
      default:
        return change satisfies never;
    }
  }

  #learn(clientId: string, name: string): void {
    this.#names.delete(clientId);
    this.#names.set(clientId, name);
    const [oldest] = this.#names.keys();
    if (this.#names.size > namesMax && oldest !== undefined) this.#names.delete(oldest);
  }
}
