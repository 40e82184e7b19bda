/** What members serve behind logical connections: where some serve, a function; where all do, a service with a state, which any of them can give. */
import { Reader, utf8Of, Writer } from '@choir/bytes';
import {
  type ConnectionLimits,
  connectionLimits,
  type Service,
  type ServiceRequest,
  type StatefulService,
} from '@choir/process-group/core';
import { fingerprint } from '@choir/testkit';
import type { Plan } from './plan.ts';

/** Small, so that all of them are met. */
export const serviceLimits: ConnectionLimits = {
  ...connectionLimits,
  connections: 3,
  waiting: 3,
  replies: 8,
};

const noBytes = new Uint8Array(0);

/** Counts what it is given; its replies follow from all of it. */
export class Tally implements StatefulService {
  /** Requests that led to this state. */
  count = 0;
  #digest = '';

  readonly serve = ({ connection, number, bytes }: ServiceRequest): Uint8Array => {
    this.count += 1;
    const text = `${this.#digest} ${connection} ${number} ${fingerprint(bytes)}`;
    this.#digest = fingerprint(utf8Of(text) ?? noBytes);
    return utf8Of(`${this.count} ${this.#digest}`) ?? noBytes;
  };

  snapshot(): Iterable<Uint8Array> {
    const writer = new Writer();
    writer.natural(this.count);
    writer.text(this.#digest);
    return [writer.take()];
  }

  restore([piece = noBytes]: readonly Uint8Array[]): void {
    const reader = new Reader(piece);
    this.count = reader.natural();
    this.#digest = reader.text();
    if (!reader.failed) return;
    this.count = 0;
    this.#digest = '';
  }
}

/** Null for a process that only asks. Of a function each server has replies of its own, so that it shows whose is taken for the one. */
export function serviceOf(
  { servers, processors }: Pick<Plan, 'servers' | 'processors'>,
  number: number,
): Service | Tally | null {
  if (servers === processors) return new Tally();
  if (number > servers) return null;
  let served = 0;
  return () => {
    served += 1;
    return utf8Of(`${served} of ${number}`) ?? noBytes;
  };
}
