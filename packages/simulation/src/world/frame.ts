/** What travels on a simulated connection: frames of the protocol, and the probes below it. */
export type Frame =
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'probe' }
  | { readonly kind: 'answer' };

/** What a frame costs on the wire beside its payload, about. */
const overheadBytes = 40;

export function sizeOf(frame: Frame): number {
  return overheadBytes + (frame.kind === 'data' ? frame.bytes.length : 0);
}
