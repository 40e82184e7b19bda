/**
 * The base of every write, from the trace: the newest position of the group that the application had been
 * given when it wrote. Where it had been given nothing yet, the position of the first block that ends before the
 * write is sent: what was sent once stays as it is.
 */
import type { RecordOf, TraceRecord } from '../vocabulary.ts';

export type Write = {
  readonly group: string;
  /** Null: a checkpoint. */
  readonly object: string | null;
  base: number | null;
  sent: boolean;
};

export class Bases {
  /** By node, then group. */
  readonly #given = new Map<string, Map<string, number>>();
  readonly #identities = new Map<string, string>();
  readonly #writes = new Map<string, Write[]>();
  /** Writes that wait for a base, by node. */
  readonly #unbased = new Map<string, Write[]>();

  see(record: TraceRecord): void {
    switch (record.kind) {
      case 'started':
        this.#given.set(record.node, new Map());
        this.#unbased.set(record.node, []);
        this.#identities.set(record.node, record.identity);
        return;
      case 'disowned':
        // What it still does to its outbox is not what the next process has.
        this.#unbased.delete(record.node);
        return;
      case 'restored':
        this.#restored(record);
        return;
      case 'submitted':
        for (const write of this.of(this.#identities.get(record.node) ?? '', record.localId)) {
          write.sent = true;
        }
        return;
      case 'block':
        if (record.purpose === 'join' && record.edge.endsWith('_end')) this.#blockEnded(record);
        return;
      case 'delivered':
        if (this.#of(record) !== null) this.#give(record);
        return;
      case 'left':
        this.#given.get(record.node)?.delete(record.group);
        return;
      case 'part':
        if (record.seq === 0) this.#part(record);
        return;
      default:
    }
  }

  /** The writes of a submission. */
  of(identity: string, localId: number): readonly Write[] {
    return this.#writes.get(`${identity} ${localId}`) ?? [];
  }

  #part(part: RecordOf<'part'>): void {
    if (part.part === 'bcast') return;
    const { node, group, localId } = part;
    const object = part.part === 'obj_state' ? part.object : null;
    const write: Write = { group, object, base: this.#of(part), sent: false };
    const key = `${this.#identities.get(node)} ${localId}`;
    const before = this.#writes.get(key);
    if (before === undefined) this.#writes.set(key, [write]);
    else before.push(write);
    if (write.base === null) this.#unbased.get(node)?.push(write);
  }

  /** What an earlier process wrote before it had a copy waits for the first one of this process. */
  #restored({ node, localId }: RecordOf<'restored'>): void {
    const writes = this.of(this.#identities.get(node) ?? '', localId);
    this.#unbased.get(node)?.push(...writes.filter(({ base }) => base === null));
  }

  #blockEnded(block: RecordOf<'block'>): void {
    this.#give(block);
    for (const write of this.#unbased.get(block.node) ?? []) {
      if (write.group !== block.group || write.base !== null || write.sent) continue;
      write.base = block.seq;
    }
  }

  #of({ node, group }: { readonly node: string; readonly group: string }): number | null {
    return this.#given.get(node)?.get(group) ?? null;
  }

  #give(given: { readonly node: string; readonly group: string; readonly seq: number }): void {
    const before = this.#of(given) ?? 0;
    this.#given.get(given.node)?.set(given.group, Math.max(before, given.seq));
  }
}
