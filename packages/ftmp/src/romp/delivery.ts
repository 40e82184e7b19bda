/**
 * From ordered to delivered: agreed messages pass at once, safe ones and changes of membership when all members of the
 * view have acknowledged them (T4). What is ordered behind one that waits waits with it.
 */

import { Fifo } from '../fifo.ts';
import type { Held } from '../rmp/held.ts';

export class Delivery {
  readonly waiting = new Fifo<Held>();

  /** @param isStable whether all members have acknowledged this message, which needs it */
  next(isStable: (held: Held) => boolean): Held | undefined {
    const { first } = this.waiting;
    if (first === undefined || (needsStability(first) && !isStable(first))) return undefined;
    return this.waiting.shift();
  }
}

export function needsStability(held: Held): boolean {
  return held.safe || changesMembership(held);
}

export function changesMembership({ body }: Held): boolean {
  return body.type === 'addProcessor' || body.type === 'removeProcessor';
}
