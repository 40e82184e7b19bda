/** The story of a capture of a change of view, read from what `choir ftmp decode --json` prints of it. */
import type { Shown } from './expected-fields.ts';

/** A message of it, when it was first sent. */
export type Sent = {
  readonly time: number;
  readonly source: string;
  readonly type: string;
  readonly body: Shown;
};

export type View = { readonly timestamp: number; readonly processor: string };

export type Successor = {
  readonly members: readonly string[];
  readonly cut: readonly { readonly source: string; readonly sequence: number }[];
  readonly timestamp: number;
};

/** Each message once, though it went to several, and was sent again: in the order of the capture. */
export function messagesOf(records: readonly Shown[]): readonly Sent[] {
  const seen = new Set<string>();
  return records.flatMap((record) => {
    const { time, source, message, sequence, timestamp } = record;
    const name = `${source} ${message} ${sequence} ${timestamp}`;
    if (seen.has(name)) return [];
    seen.add(name);
    const body = record['body'] as Shown;
    return [{ time: Number(time), source: String(source), type: String(message), body }];
  });
}

/** The texts that a message of an application holds. */
export function textsOf({ body }: Sent): readonly string[] {
  const parts = body['parts'] as readonly { readonly bytes: string }[];
  return parts.map(({ bytes }) => Buffer.from(bytes, 'hex').toString());
}
