/** What a case says must hold, without a test runner's vocabulary. */
import type { JournalEntry, JournalFailureCode, JournalReply, JournalRow } from '../contract.ts';

export function claim(held: boolean, otherwise: string): asserts held {
  if (!held) throw new Error(`the journal breaks its contract: ${otherwise}`);
}

export function claimSame(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [render(actual), render(expected)];
  claim(found === wanted, `${what} is ${found}, expected ${wanted}`);
}

export function claimThrows(work: () => void, what: string): void {
  try {
    work();
  } catch {
    return;
  }
  claim(false, `${what} was admitted`);
}

export function claimCommitted(reply: JournalReply, head: number): void {
  claimSame(reply, { kind: 'committed', head }, 'the reply');
}

export function claimFailed(reply: JournalReply, code?: JournalFailureCode): void {
  claim(reply.kind === 'failed', `a request was answered ${render(reply)} after the end`);
  if (code !== undefined) claimSame(reply.failure.code, code, 'the code of the failure');
  claim(reply.failure.message.length > 0, 'a failure says nothing');
}

export function entriesOf(reply: JournalReply): readonly JournalEntry[] {
  claim(reply.kind === 'entries', `a reading of entries was answered ${render(reply)}`);
  return reply.entries;
}

export function rowsOf(reply: JournalReply): {
  readonly rows: readonly JournalRow[];
  readonly done: boolean;
} {
  claim(reply.kind === 'rows', `a reading of rows was answered ${render(reply)}`);
  return reply;
}

/** Text that is equal for equal values: keys in order, bytes as numbers, shortened when long. */
function render(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Uint8Array) return `bytes ${digest(part)}`;
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return text ?? String(value);
}

const SHOWN_BYTES_MAX = 16;

function digest(bytes: Uint8Array): string {
  if (bytes.length <= SHOWN_BYTES_MAX) return `[${bytes.join(' ')}]`;
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `${bytes.length} long, hash ${hash}`;
}
