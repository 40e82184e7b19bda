/** What the application is told of one turn, in order (H1). */
import type { EffectOf } from '@choir/ftmp';
import type { LineEnd } from '../line/line.ts';
import { parcelHead } from '../line/parcel.ts';
import { giveBack } from '../memory/give-back.ts';
import { packDeliveries } from './deliveries.ts';
import type { Amount, FromThread, Occurrence, ToThread } from './thread-message.ts';

/** The thread's end of the line to the application. */
export type Told = Pick<LineEnd<FromThread, ToThread>, 'post' | 'put'>;

const nothing = new Uint8Array(0);

export class TurnReport {
  readonly #deliveries: EffectOf<'deliver'>[] = [];
  #bytes = 0;
  /** Each with the number of deliveries before it. */
  readonly #occurrences: [number, Occurrence][] = [];

  get delivered(): number {
    return this.#deliveries.length;
  }

  get isEmpty(): boolean {
    return this.#deliveries.length === 0 && this.#occurrences.length === 0;
  }

  deliver(effect: EffectOf<'deliver'>): void {
    this.#deliveries.push(effect);
    this.#bytes += effect.bytes.length;
  }

  occurred(occurrence: Occurrence | null): void {
    if (occurrence !== null) this.#occurrences.push([this.delivered, occurrence]);
  }

  /** @param amounts room there is again */
  tell(amounts: readonly Amount[], application: Told): void {
    const bytes = this.delivered === 0 ? nothing : packDeliveries(this.#deliveries, this.#bytes);
    const occurrences = this.#occurrences;
    if (occurrences.length === 0 && application.put([parcelHead(amounts), bytes])) {
      giveBack(bytes);
      return;
    }
    const transfer = this.delivered === 0 ? [] : [bytes.buffer];
    application.post({ kind: 'turn', parcel: { amounts, bytes }, occurrences }, transfer);
  }
}
