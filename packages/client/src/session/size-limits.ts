/**
 * What a server takes of one submission. More is refused to the caller at once: a server that answers
 * does the same, and one that cannot even take the frame ends the session. Sizes are bytes.
 */
import { limits, type Part, type SubmissionBody } from '@choir/protocol';

/**
 * All payloads of a message, each with `overheadBytes`. Its delivery has to fit a frame, as JSON too,
 * where a character may take two bytes; the server judges by the same sum (docs/design/server.md,
 * `submissionBytes`). With that, `frameBytes` and `frameItems` hold as well.
 */
const submissionBytesMax = limits.frameBytes / 2 - 64 * 1024;
/** The ids and lengths around a payload, at most. */
const overheadBytes = 300;

export class SizeLimits {
  #payloadBytesMax: number = limits.messageBytes;

  /** What a welcome says holds until the next; before the first, what the protocol allows. */
  welcomed(messageBytes: number): void {
    this.#payloadBytesMax = Math.min(messageBytes, limits.messageBytes);
  }

  allowPayload({ byteLength }: Uint8Array): boolean {
    return byteLength <= this.#payloadBytesMax;
  }

  allow(body: SubmissionBody): boolean {
    if (body.kind !== 'message') return true;
    const { parts } = body;
    if (
      parts.some((p) => p.kind === 'group_state' && p.objects.length > limits.checkpointObjects)
    ) {
      return false;
    }
    const payloads = parts.flatMap(payloadsOf);
    const bytes = payloads.reduce((sum, { byteLength }) => sum + byteLength + overheadBytes, 0);
    return bytes <= submissionBytesMax && payloads.every((payload) => this.allowPayload(payload));
  }
}

function payloadsOf(part: Part): readonly Uint8Array[] {
  return part.kind === 'group_state' ? part.objects.map(({ data }) => data) : [part.data];
}
