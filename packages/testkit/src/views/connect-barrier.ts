/**
 * S31: after it transmitted or received a Connect, a process transmits no message that is to be ordered
 * until it heard a later timestamp from every member; what comes at the old address with a later timestamp is ignored.
 */
import { ViewsChecker } from './checker.ts';
import type { History } from './history/history.ts';
import type { DatagramType, RecordKind, RecordOf, ViewsRecord } from './vocabulary.ts';

const ordered: ReadonlySet<DatagramType> = new Set<DatagramType>([
  'Regular',
  'Connect',
  'AddProcessor',
  'RemoveProcessor',
]);

type Barrier = { readonly timestamp: number; readonly unheard: Set<string> };

type Move = { readonly address: string; readonly barrier: number };

export class ConnectBarrier extends ViewsChecker {
  readonly property = 'S31';
  readonly promise =
    'After a Connect nothing that is ordered is sent before all were heard past it, and nothing later is taken at the old address.';
  override readonly sees: readonly RecordKind[] = [
    'barred',
    'heard',
    'view',
    'transmitted',
    'connection',
    'request',
  ];
  /** By group and process. */
  readonly #barriers = new Map<string, Barrier>();
  /** By process, group and connection: where it is since when, as the order of that group says. */
  readonly #places = new Map<string, Move>();

  override see(record: ViewsRecord, history: History): void {
    switch (record.kind) {
      case 'barred':
        this.#barred(record, history);
        break;
      case 'heard':
        this.#heard(record);
        break;
      case 'view': {
        const unheard = this.#barriers.get(`${record.group} ${record.node}`)?.unheard ?? [];
        for (const member of unheard) {
          if (!record.members.includes(member)) this.#forget(record, member);
        }
        break;
      }
      case 'transmitted':
        this.#transmitted(record);
        break;
      case 'connection':
        this.#moved(record);
        break;
      case 'request':
        this.#taken(record);
        break;
      default:
        break;
    }
  }

  #barred(record: RecordOf<'barred'>, history: History): void {
    const members = history.group(record.group).stayOf(record.node)?.last.view.members ?? [];
    const unheard = new Set(members);
    unheard.delete(record.node);
    this.#barriers.set(`${record.group} ${record.node}`, { timestamp: record.barrier, unheard });
  }

  #heard(record: RecordOf<'heard'>): void {
    const barrier = this.#barriers.get(`${record.group} ${record.node}`);
    if (barrier === undefined || record.timestamp <= barrier.timestamp) return;
    this.#forget(record, record.source);
  }

  #forget({ group, node }: { group: number; node: string }, member: string): void {
    this.#barriers.get(`${group} ${node}`)?.unheard.delete(member);
  }

  #transmitted(record: RecordOf<'transmitted'>): void {
    if (this.#barriers.size === 0 || record.retransmission || !ordered.has(record.type)) return;
    const barrier = this.#barriers.get(`${record.group} ${record.node}`);
    if (barrier === undefined || barrier.unheard.size === 0) return;
    const who = [...barrier.unheard].join(', ');
    const text = `${record.node} transmits a ${record.type} before it heard ${who}`;
    this.violated(`${text} past ${barrier.timestamp}`, record);
  }

  #moved({ node, group, connection, state, address, barrier }: RecordOf<'connection'>): void {
    const key = `${node} ${group} ${connection}`;
    if (state === 'closed') this.#places.delete(key);
    else this.#places.set(key, { address, barrier });
  }

  #taken(record: RecordOf<'request'>): void {
    const { node, group, connection, direction, number, processed, address, timestamp } = record;
    const place = this.#places.get(`${node} ${group} ${connection}`);
    if (!processed || place === undefined || place.address === address) return;
    if (timestamp <= place.barrier) return;
    const text = `${node} takes ${direction} ${number} (${timestamp}) at ${address}`;
    this.violated(`${text}, ${connection} moved to ${place.address} at ${place.barrier}`, record);
  }
}
