/**
 * One step: what applying one entry does. It collects the events of each group, so that a group gets
 * them as one unit (G9), and the other effects in the order in which they were decided.
 */
import type { Incarnation } from '@choir/ordering';
import type { ClientId, Event, GroupId, LocalId, Position } from '@choir/protocol';
import type { Effect } from './effect.ts';
import type { Group } from './group.ts';

type Exclusive = { readonly senderId: ClientId; readonly localId: LocalId };
/** Groups of one step that are looked through one by one. */
const unitsSearched = 8;

type Unit = { readonly group: Group; readonly events: Event[] };

export class Step {
  readonly at: Position;
  /** The node that submitted the entry. */
  readonly source: Incarnation;
  /** A lock set was granted in this step: its id is the position, so there can be no second one. */
  granted = false;
  readonly #units: Unit[] = [];
  /** The same by group, as soon as there are so many that looking through them takes long. */
  #unitOf: Map<GroupId, Unit> | null = null;
  #created: Effect[] | null = null;
  readonly #effects: Effect[] = [];

  constructor(at: Position, source: Incarnation) {
    this.at = at;
    this.source = source;
  }

  get seq(): number {
    return this.at.seq;
  }

  create(group: Group): void {
    this.#created ??= [];
    this.#created.push({ kind: 'group_created', group: group.id, name: group.name });
  }

  /** Adds an event to what the group receives at this position. */
  tell(group: Group, event: Event): void {
    const unit = this.#unit(group.id);
    if (unit !== undefined) {
      unit.events.push(event);
      return;
    }
    const first = { group, events: [event] };
    this.#units.push(first);
    this.#unitOf?.set(group.id, first);
  }

  add(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** Whether the sender of a submission gets what it caused, as a connected member of a group. */
  reaches(sender: ClientId, localId: LocalId): boolean {
    for (const { group, events } of this.#units) {
      if (group.members.get(sender)?.status !== 'member') continue;
      if (events.some((event) => isOwn(event, sender, localId))) return true;
    }
    return false;
  }

  /** New groups first, then their deliveries: everything else may refer to these. To be asked once. */
  effects(): readonly Effect[] {
    const effects = this.#created ?? [];
    for (const { group, events } of this.#units) {
      const exclusive = exclusiveSender(events);
      effects.push({ kind: 'deliver', group: group.id, name: group.name, events, exclusive });
    }
    for (const effect of this.#effects) effects.push(effect);
    return effects;
  }

  #unit(id: GroupId): Unit | undefined {
    if (this.#unitOf !== null) return this.#unitOf.get(id);
    if (this.#units.length <= unitsSearched)
      return this.#units.find(({ group }) => group.id === id);
    this.#unitOf = new Map(this.#units.map((unit) => [unit.group.id, unit]));
    return this.#unitOf.get(id);
  }
}

/** The sender of a unit that consists of its sender-exclusive messages only (paper §2). */
function exclusiveSender(events: readonly Event[]): Exclusive | null {
  const [first] = events;
  if (first?.kind !== 'bcast') return null;
  if (!events.every((event) => event.kind === 'bcast' && event.exclusive)) return null;
  return { senderId: first.senderId, localId: first.localId };
}

/** The event is what the submission caused, in a way that its sender can recognise. */
function isOwn(event: Event, sender: ClientId, localId: LocalId): boolean {
  switch (event.kind) {
    case 'bcast':
    case 'obj_state':
    case 'group_state':
    case 'lock_granted':
    case 'properties':
    case 'group_deleted':
      return event.senderId === sender && event.localId === localId;
    case 'lock_released':
      return event.by === sender && event.localId === localId;
    case 'renamed_member':
      return event.clientId === sender && event.localId === localId;
    default:
      return false;
  }
}
