/** S30: one open connection between two groups of objects; each request and reply is taken once. */
import { ViewsChecker } from './checker.ts';
import type { RecordKind, RecordOf, ViewsRecord } from './vocabulary.ts';

export class Connections extends ViewsChecker {
  readonly property = 'S30';
  readonly promise =
    'Two groups have one connection at most, the same for all; a request and its reply are processed once by each.';
  override readonly sees: readonly RecordKind[] = ['connection', 'request'];
  /** By process, client and server. */
  readonly #open = new Map<string, string>();
  /** By connection and barrier: the address, as the first told it. */
  readonly #addresses = new Map<string, string>();
  readonly #processed = new Set<string>();

  override see(record: ViewsRecord): void {
    if (record.kind === 'connection') this.#connection(record);
    else if (record.kind === 'request' && record.processed) this.#processing(record);
  }

  #connection(record: RecordOf<'connection'>): void {
    const { node, client, server, connection, state, address, barrier } = record;
    const pair = `${node} ${client} ${server}`;
    const open = this.#open.get(pair);
    if (state === 'closed') {
      if (open === connection) this.#open.delete(pair);
      return;
    }
    if (state === 'opened' && open !== undefined) {
      this.violated(`${node} opens ${connection} while ${open} is open`, record);
    } else if (state === 'moved' && open !== connection) {
      this.violated(`${node} moves ${connection}, which is not open`, record);
    }
    this.#open.set(pair, connection);
    // Timestamps are of one group, and two sources may have the same one.
    const place = `${record.group} ${connection} ${barrier} ${record.source ?? ''}`;
    const known = this.#addresses.get(place) ?? address;
    this.#addresses.set(place, known);
    if (known === address) return;
    this.violated(`${connection} is at ${known}, and at ${address} for ${node}`, record);
  }

  #processing(record: RecordOf<'request'>): void {
    const { node, connection, direction, number } = record;
    const key = `${node} ${connection} ${direction} ${number}`;
    if (this.#processed.has(key)) {
      this.violated(`${node} processes ${direction} ${number} of ${connection} again`, record);
    }
    this.#processed.add(key);
  }
}
