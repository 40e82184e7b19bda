/** Where all records go: stamped with the virtual time and the process, into the trace. */
import type { Scheduler, Trace } from '@choir/testkit';
import type { RecordKind, Records, TraceRecord } from '@choir/testkit/checkers';

export class Recorder {
  readonly #scheduler: Scheduler;
  readonly #trace: Trace;
  readonly #node: string;

  constructor(scheduler: Scheduler, trace: Trace, node: string) {
    this.#scheduler = scheduler;
    this.#trace = trace;
    this.#node = node;
  }

  for(node: string): Recorder {
    return new Recorder(this.#scheduler, this.#trace, node);
  }

  record<Kind extends RecordKind>(kind: Kind, fields: Records[Kind]): void {
    const record = { t: this.#scheduler.now, node: this.#node, kind, ...fields };
    this.#trace.record(record as unknown as TraceRecord);
  }
}
