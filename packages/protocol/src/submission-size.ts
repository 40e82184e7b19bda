/**
 * How large a message is, as servers and clients count it: all its payloads, each with an allowance for what
 * stands around it. By this sum its delivery fits a frame, as JSON too, where a character can take two bytes.
 */
import { limits } from './limits.ts';
import type { Part } from './messages/index.ts';

/** The payloads of a part: that of each object of a checkpoint, or the only one. */
export function payloadsOf(part: Part): readonly Uint8Array[] {
  return part.kind === 'group_state' ? part.objects.map(({ data }) => data) : [part.data];
}

/** Bytes that count against `limits.submissionBytes`. */
export function sizeOfParts(parts: readonly Part[]): number {
  let bytes = 0;
  for (const part of parts) {
    if (part.kind !== 'group_state') bytes += part.data.length + limits.payloadOverheadBytes;
    else for (const { data } of part.objects) bytes += data.length + limits.payloadOverheadBytes;
  }
  return bytes;
}
