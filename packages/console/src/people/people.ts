/** Who somebody is on the page: a name, cut where it would break the page, and a colour of its own. */

/** Colours for people; `style/people.css` has them. */
const hues = 8;
const nameShownMax = 24;

/** The class that gives the colour of a client: the same in every window. */
export function colourOf(clientId: string): string {
  let sum = 0;
  for (const character of clientId) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return `who-${sum % hues}`;
}

/** For a tag beside something; whole names stand in the list of members. */
export function shortName(name: string): string {
  const characters = [...name];
  return characters.length <= nameShownMax
    ? name
    : `${characters.slice(0, nameShownMax - 1).join('')}…`;
}
