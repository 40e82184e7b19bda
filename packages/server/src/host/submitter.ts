/**
 * What this host hands to the ordering: commands, numbered 1, 2, 3 … (O4), and for each what is to be
 * known when it comes back as an entry.
 *
 * Boundary: a command that the ordering does not take now (`full`) stays with the caller, except
 * ends of sessions, which nobody else would remember.
 */
import { type Command, command } from '@choir/groups';
import type { Ordering, SubmitResult } from '@choir/ordering';
import type { ClientId, GroupName, SessionId } from '@choir/protocol';
import type { Connection } from './connection.ts';
import { Queue } from './queue.ts';
import { Slab } from './slab.ts';

/** Whose command it was; `chain` when it was a submission. */
export type Origin = { readonly connection: Connection; readonly chain: GroupName | null };

export class Submitter {
  readonly #ordering: Ordering;
  /** The ordering keeps the newest commands, and lets them go in their order. */
  readonly #slab = new Slab();
  /** In the ordering, the oldest first; its number is `#next - length`. */
  readonly #origins = new Queue<Origin | null>();
  /** Sessions that ended and whose detach is not in the ordering yet: at most one per connection. */
  readonly #detaches = new Queue<{ readonly client: ClientId; readonly session: SessionId }>();
  #next = 1;

  constructor(ordering: Ordering) {
    this.#ordering = ordering;
  }

  /** Ends of sessions wait; nothing else may be submitted before them. */
  get behind(): boolean {
    return this.#detaches.length > 0;
  }

  submit(submitted: Command, origin: Origin | null): SubmitResult {
    const result = this.#ordering.submit(this.#next, this.#slab.encode(command, submitted));
    if (result !== 'queued') return result;
    this.#next += 1;
    this.#origins.push(origin);
    if (origin !== null) origin.connection.inFlight += 1;
    return result;
  }

  detach(client: ClientId, session: SessionId): void {
    this.#detaches.push({ client, session });
    this.catchUp();
  }

  catchUp(): void {
    for (;;) {
      const oldest = this.#detaches.peek();
      if (oldest === undefined) return;
      if (this.submit({ kind: 'detach', ...oldest }, null) !== 'queued') return;
      this.#detaches.shift();
    }
  }

  /** Number `n` came back as an entry: whose it was. */
  returned(n: number): Origin | null {
    if (n !== this.#next - this.#origins.length) {
      throw new Error(`Entry ${n} of this host came out of turn.`);
    }
    const origin = this.#origins.shift() ?? null;
    if (origin !== null) origin.connection.inFlight -= 1;
    return origin;
  }
}
