/**
 * The client's copy of a group: the fold of what was received, never of pending work (E4). It is
 * replaced whole by a transfer and moved on by deliveries.
 */
import type {
  ClientId,
  Event,
  FromServer,
  LockInfo,
  LockSetId,
  MemberInfo,
  ObjectUpdate,
} from '@choir/protocol';
import { Objects } from './objects.ts';

type TransferBegin = Extract<FromServer, { kind: 'transfer_begin' }>;

export class Copy {
  readonly stateful: boolean;
  readonly absenceMs: number;
  readonly members = new Map<ClientId, MemberInfo>();
  readonly locks = new Map<LockSetId, LockInfo>();
  readonly properties = new Map<string, string>();
  readonly objects = new Objects();

  constructor(begin: Pick<TransferBegin, 'stateful' | 'absenceMs'>) {
    this.stateful = begin.stateful;
    this.absenceMs = begin.absenceMs;
  }

  static from(begin: TransferBegin): Copy {
    const copy = new Copy(begin);
    for (const member of begin.members) copy.members.set(member.clientId, member);
    for (const lock of begin.locks) copy.locks.set(lock.lockSet, lock);
    for (const { name, value } of begin.properties) copy.properties.set(name, value);
    return copy;
  }

  addUpdates(updates: readonly ObjectUpdate[]): void {
    for (const { object, ...update } of updates) this.objects.update(object, update);
  }

  apply(event: Event, seq: number): void {
    switch (event.kind) {
      case 'obj_state':
        this.objects.update(event.object, { update: event.update, at: seq, data: event.data });
        return;
      case 'group_state':
        this.objects.replaceAll(event.objects, seq);
        return;
      case 'lock_granted': {
        const { senderId, localId, lockSet, objects, graceMs } = event;
        this.locks.set(lockSet, { senderId, localId, lockSet, objects, graceMs });
        return;
      }
      case 'lock_released':
        this.#released(event);
        return;
      case 'new_member':
        this.members.set(event.clientId, {
          clientId: event.clientId,
          name: event.name,
          status: 'member',
        });
        return;
      case 'disconnected_member':
        this.#change(event.clientId, { status: 'disconnected_member' });
        return;
      case 'rejoined_member':
        this.#change(event.clientId, { status: 'member' });
        return;
      case 'renamed_member':
        this.#change(event.clientId, { name: event.name });
        return;
      case 'non_member':
        this.members.delete(event.clientId);
        return;
      case 'properties':
        for (const { name, value } of event.properties) {
          if (value === '') this.properties.delete(name);
          else this.properties.set(name, value);
        }
        return;
      case 'bcast':
      case 'group_deleted':
        return;
      default:
        event satisfies never;
    }
  }

  #change(clientId: ClientId, change: Partial<Pick<MemberInfo, 'name' | 'status'>>): void {
    const member = this.members.get(clientId);
    if (member !== undefined) this.members.set(clientId, { ...member, ...change });
  }

  #released({ lockSet, objects, whole }: Extract<Event, { kind: 'lock_released' }>): void {
    const lock = this.locks.get(lockSet);
    if (lock === undefined) return;
    const rest = lock.objects.filter((object) => !objects.includes(object));
    if (whole || rest.length === 0) this.locks.delete(lockSet);
    else this.locks.set(lockSet, { ...lock, objects: rest });
  }
}
