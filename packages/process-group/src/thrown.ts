/** What was thrown, as a text. JavaScript throws anything, also what has no text and throws when it is asked for one. */

const textless = 'something that cannot be shown as a text';

/** The message of an error, or what else was thrown. */
export function messageOf(thrown: unknown): string {
  return textOr(() => (thrown instanceof Error ? thrown.message : thrown));
}

/** An error with its name, or what else was thrown. */
export function thrownText(thrown: unknown): string {
  return textOr(() => thrown);
}

function textOr(of: () => unknown): string {
  try {
    return String(of());
  } catch {
    return textless;
  }
}
