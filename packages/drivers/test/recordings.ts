// Recordings of several processes, merged into one trace for the judges of process groups.
import { closeSync, openSync, readSync } from 'node:fs';
import type { ViewsRecord } from '@choir/testkit/views';

const chunkBytes = 256 * 1024;

/** The records of a file, in its order. A last line that was cut short by a kill led to nothing, and is left out. */
export function* readRecording(path: string): Generator<ViewsRecord> {
  const file = openSync(path, 'r');
  const chunk = Buffer.alloc(chunkBytes);
  const decoder = new TextDecoder();
  try {
    let rest = '';
    for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
      const lines = (rest + decoder.decode(chunk.subarray(0, length), { stream: true })).split(
        '\n',
      );
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as ViewsRecord;
    }
  } finally {
    closeSync(file);
  }
}

/** The last incarnation that a recording tells of; null when it tells of none. */
export function lastNode(path: string): string | null {
  let node: string | null = null;
  for (const record of readRecording(path)) if (record.kind === 'started') node = record.node;
  return node;
}

/** All records in the order of their times; each source is in order itself. */
export function* merged(sources: readonly Iterable<ViewsRecord>[]): Generator<ViewsRecord> {
  const heads = sources.flatMap((source) => {
    const rest = source[Symbol.iterator]();
    const first = rest.next();
    return first.done === true ? [] : [{ record: first.value, rest }];
  });
  while (heads.length > 0) {
    let at = 0;
    for (const [index, { record }] of heads.entries()) {
      if (record.t < (heads[at]?.record.t ?? 0)) at = index;
    }
    const head = heads[at];
    if (head === undefined) return;
    yield head.record;
    const next = head.rest.next();
    if (next.done === true) heads.splice(at, 1);
    else head.record = next.value;
  }
}
