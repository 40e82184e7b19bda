/** Writes down what one processor does, in the vocabulary of the checkers, and what occurred, for the shares. */
import {
  type Effect,
  type ProcessorId,
  type ProtocolEvent,
  processorText,
  type TraceRecord,
  TraceRecords,
} from '@choir/ftmp';
import { fingerprint, type Trace } from '@choir/testkit';
import type { Records } from '@choir/testkit/views';
import { messageOf } from './payload.ts';

/** The checkers' records without the time and the node. */
type Fields = { [Kind in keyof Records]: { readonly kind: Kind } & Records[Kind] }[keyof Records];

export class Recorder {
  readonly #trace: Trace;
  readonly #node: string;
  readonly #now: () => number;
  readonly #records = new TraceRecords((sender, bytes) => ({
    message: messageOf(sender, bytes),
    data: fingerprint(bytes),
  }));
  /** What occurred, for the shares that are reported. */
  readonly #seen: Set<string>;

  constructor(
    trace: Trace,
    self: ProcessorId,
    { now, seen }: { readonly now: () => number; readonly seen: Set<string> },
  ) {
    this.#trace = trace;
    this.#node = processorText(self);
    this.#now = now;
    this.#seen = seen;
  }

  record<Kind extends keyof Records>(kind: Kind, fields: Records[Kind]): void {
    this.#trace.record({ t: this.#now(), node: this.#node, kind, ...fields });
  }

  event(event: ProtocolEvent): void {
    this.#saw(event);
    for (const record of this.#records.of(event)) this.#put(record);
  }

  /** That the checkers know each record of a processor is checked here, by the compiler. */
  #put(record: TraceRecord & Fields): void {
    const { kind, ...fields } = record;
    this.#trace.record({ t: this.#now(), node: this.#node, kind, ...fields });
  }

  #saw(event: ProtocolEvent): void {
    switch (event.kind) {
      case 'sent':
        this.#seen.add(event.type);
        return;
      case 'retransmitted':
        this.#seen.add(`again ${event.type}`);
        if (event.datagrams > 1) this.#seen.add('slice');
        return;
      case 'proposed':
        this.#seen.add(event.round > 1 ? 'proposed again' : 'proposed');
        return;
      case 'decided':
        if (event.acceptance.round > 1) this.#seen.add('decided in a later round');
        return;
      case 'effect':
        this.#sawEffect(event.effect);
        return;
      case 'stored':
      case 'released':
      case 'heard':
      case 'request':
        return;
      default:
        this.#seen.add(event.kind);
    }
  }

  #sawEffect(effect: Effect): void {
    switch (effect.kind) {
      case 'view':
        this.#seen.add(`view ${effect.view.cause}`);
        return;
      case 'suppressed':
      case 'deliver':
        if (effect.kind === 'suppressed') this.#seen.add(`suppressed ${effect.why}`);
        if (effect.transitional) this.#seen.add('delivered transitional');
        this.#seen.add(effect.safe ? 'delivered safe' : 'delivered agreed');
        return;
      case 'connection':
        this.#seen.add(`connection ${effect.state}`);
        return;
      case 'primary':
        this.#seen.add(effect.primary ? 'unblocked' : 'blocked');
        return;
      case 'excluded':
      case 'left':
      case 'writable':
      case 'slow':
      case 'stalled':
      case 'refused':
        this.#seen.add(effect.kind);
        return;
      default:
    }
  }
}
