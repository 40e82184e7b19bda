/** Who somebody is on the page: a name, cut where it would break the page, and a colour of its own. */

/** Colours for people; `style/people.css` has them. */
export const hues = 8;
const nameShownMax = 24;

/**
 * The classes that give the members their colours: the same in every window that sees the same members, and
 * no two alike while there are enough.
 */
export function coloursOf(clientIds: readonly string[]): ReadonlyMap<string, string> {
  const colours = new Map<string, string>();
  const taken = new Set<number>();
  for (const clientId of clientIds) {
    let hue = hueOf(clientId);
    while (taken.has(hue) && taken.size < hues) hue = (hue + 1) % hues;
    taken.add(hue);
    colours.set(clientId, classOf(hue));
  }
  return colours;
}

/** The colour of somebody who is no member. */
export function strangersColour(clientId: string): string {
  return classOf(hueOf(clientId));
}

/** For where there is little room; whole names stand in the list of members. */
export function shortName(name: string): string {
  const characters = [...name];
  return characters.length <= nameShownMax
    ? name
    : `${characters.slice(0, nameShownMax - 1).join('')}…`;
}

function classOf(hue: number): string {
  return `who-${hue}`;
}

function hueOf(clientId: string): number {
  let sum = 0;
  for (const character of clientId) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % hues;
}
