/**
 * What a server takes of one submission. More is refused to the caller at once: a server that answers
 * does the same, and one that cannot even take the frame ends the session. Sizes are bytes.
 */
import { limits, payloadsOf, type SubmissionBody, sizeOfParts } from '@choir/protocol';

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
    // With this, `frameBytes` and `frameItems` hold as well.
    if (sizeOfParts(parts) > limits.submissionBytes) return false;
    return parts.flatMap(payloadsOf).every((payload) => this.allowPayload(payload));
  }
}
