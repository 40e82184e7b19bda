/** The known word that a mistyped one most likely means; undefined when none is near. */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  // Up to a third of the word may be wrong, but at least two letters of a short one.
  let least = Math.max(2, Math.floor(typed.length / 3)) + 1;
  for (const word of known) {
    const prefix = typed.length >= 2 && word.startsWith(typed);
    const distance = prefix ? 1 : edits(typed, word);
    // A short word whose letters are all wrong is as near to everything.
    if (distance < least && distance < word.length) {
      best = word;
      least = distance;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that make `to` of `from`. */
function edits(from: string, to: string): number {
  let previous: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let cost = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        cost = Math.min(cost, (previous[j - 2] ?? 0) + 1);
      }
      next.push(cost);
    }
    previous = row;
    row = next;
  }
  return row[to.length] ?? 0;
}
