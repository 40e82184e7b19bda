/** Whether two sets have the same elements. */
export function isSame<T>(one: ReadonlySet<T>, other: ReadonlySet<T>): boolean {
  return one.size === other.size && [...one].every((element) => other.has(element));
}
