/**
 * M3: a client id belongs to one secret, for ever: nobody else is attached under it, and once retired it is
 * attached no more.
 */
import { Checker } from './checker.ts';
import type { Moment } from './replay.ts';
import type { RecordKind, TraceRecord } from './vocabulary.ts';

export class ClientIds extends Checker {
  readonly property = 'M3';
  readonly promise = 'A client id is never used by two, and never again once it was retired.';
  override readonly sees: readonly RecordKind[] = ['started', 'attached'];
  readonly #identities = new Map<string, string>();
  readonly #owners = new Map<string, string>();
  readonly #sessions = new Map<number, { readonly record: TraceRecord; readonly client: string }>();

  override see(record: TraceRecord): void {
    if (record.kind === 'started') {
      this.#identities.set(record.node, record.identity);
    } else if (record.kind === 'attached') {
      const { client, node, session } = record;
      const identity = this.#identities.get(node) ?? node;
      const owner = this.#owners.get(client) ?? identity;
      if (owner !== identity)
        this.violated(`${client} belongs to ${owner}, not ${identity}`, record);
      this.#owners.set(client, owner);
      this.#sessions.set(session, { record, client });
    }
  }

  /** A session that a client was given is one that its entry began. */
  override after({ step, sessionChange }: Moment): void {
    const given = this.#sessions.get(step.seq);
    if (given === undefined || sessionChange.began === given.client) return;
    this.violated(`${given.client} was given a session that did not begin`, given.record);
  }
}
