/** How many bytes `Writer.natural` takes for a value. */
export function naturalBytes(value: number): number {
  let count = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) count++;
  return count;
}
