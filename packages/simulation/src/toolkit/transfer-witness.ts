/** Writes down what a member does with transfers that broke off (T5), as its provider and as a joiner. */
import { type ProcessorId, processorText } from '@choir/ftmp';
import { decode, digestsOf, isOfApplication } from '@choir/process-group/core';
import { pieceDigest } from './piece-digest.ts';
import type { Recorder } from './recorder.ts';

type Decoded = ReturnType<typeof decode>;
type MessageOf<Kind> = Extract<Decoded, { readonly kind: Kind }>;

export class TransferWitness {
  readonly #self: ProcessorId;
  readonly #recorder: Recorder;
  /** The last marker that was for this member. */
  #marker: { readonly provider: ProcessorId; readonly transfer: number } | null = null;

  constructor(self: ProcessorId, recorder: Recorder) {
    this.#self = self;
    this.#recorder = recorder;
  }

  /** The processor took this. */
  wentOut(message: Decoded): void {
    const recorder = this.#recorder;
    if ('code' in message) return;
    switch (message.kind) {
      case 'marker': {
        const { transfer, to } = message;
        recorder.record('marked', { transfer, to: to.map(processorText) });
        return;
      }
      case 'piece': {
        const { transfer, bytes } = message;
        recorder.record('piece', { transfer, digest: pieceDigest(bytes) });
        return;
      }
      case 'same':
        recorder.saw('same pieces');
        return;
      case 'has': {
        const { provider, transfer, bytes } = message;
        const digests = digestsOf(bytes);
        recorder.record('has', { provider: processorText(provider), transfer, digests });
        return;
      }
      case 'wanted':
        if (message.provider !== null) {
          recorder.record('declined', { provider: processorText(message.provider) });
        }
        return;
      case 'held':
        recorder.record('holds', {});
        return;
      default:
    }
  }

  /** This came in the order, and the member goes through it next. */
  came(sender: ProcessorId, bytes: Uint8Array): void {
    if (isOfApplication(bytes)) return;
    const message = decode(bytes);
    if ('code' in message) return;
    if (message.kind === 'marker') this.#marked(sender, message);
    if (message.kind === 'has') this.#had(sender, message);
    if (message.kind === 'piece') this.#received(sender, message);
  }

  #marked(provider: ProcessorId, { transfer, to }: MessageOf<'marker'>): void {
    if (!to.includes(this.#self)) return;
    this.#marker = { provider, transfer };
    this.#recorder.record('awaits', { provider: processorText(provider), transfer });
  }

  #had(joiner: ProcessorId, { provider, transfer, bytes }: MessageOf<'has'>): void {
    if (provider !== this.#self) return;
    const digests = digestsOf(bytes);
    this.#recorder.record('had', { transfer, joiner: processorText(joiner), digests });
  }

  #received(provider: ProcessorId, { transfer, bytes }: MessageOf<'piece'>): void {
    if (this.#marker?.provider !== provider || this.#marker.transfer !== transfer) return;
    this.#recorder.record('received', { digest: pieceDigest(bytes) });
  }
}
