/** What the application is told of one turn, in order (H1). */
import type { EffectOf } from '@choir/ftmp';
import { packDeliveries } from './deliveries.ts';
import type { Amount, FromThread, Occurrence } from './thread-message.ts';

export type Tell = (message: FromThread, transfer?: readonly ArrayBuffer[]) => void;

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

  tell(room: readonly Amount[], tell: Tell): void {
    const deliveries = this.delivered === 0 ? null : packDeliveries(this.#deliveries, this.#bytes);
    const transfer = deliveries === null ? [] : [deliveries];
    tell({ kind: 'turn', deliveries, occurrences: this.#occurrences, room }, transfer);
  }
}
