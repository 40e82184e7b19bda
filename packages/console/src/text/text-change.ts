/** What a person did to a text: at one place, something was taken out and something put in. */

export type TextChange = {
  readonly at: number;
  readonly deleted: number;
  readonly inserted: string;
};

/**
 * The change that made `after` of `before`. Where several are possible (a letter typed beside its
 * like), it is the one that ends at the caret. Positions are UTF-16 units, and never split a pair.
 */
export function changeBetween(before: string, after: string, caret: number): TextChange | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  const untouched = Math.max(0, after.length - caret);
  let end = 0;
  const endMax = Math.min(shorter, untouched);
  while (end < endMax && before.at(-1 - end) === after.at(-1 - end)) end++;
  if (isLowHalf(after, after.length - end) || isLowHalf(before, before.length - end)) end--;
  let at = 0;
  while (at < shorter - end && before[at] === after[at]) at++;
  if (isLowHalf(before, at) || isLowHalf(after, at)) at--;
  return {
    at,
    deleted: before.length - end - at,
    inserted: after.slice(at, after.length - end),
  };
}

/** Where a caret stands after a change that somebody else made. */
export function caretAfter(caret: number, { at, deleted, inserted }: TextChange): number {
  if (caret <= at) return caret;
  if (caret >= at + deleted) return caret - deleted + inserted.length;
  return at + inserted.length;
}

function isLowHalf(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
