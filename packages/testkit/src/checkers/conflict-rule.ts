/**
 * C12 at the client: what a rejoin withdraws is exactly what conflicts (paper §7.2, as worded in
 * docs/design/client-session.md). Worked out from what the application did and was given, never from what
 * the client's own bookkeeping says.
 *
 * When a resume block ends, the messages of the group's chain that no server has decided are judged. A
 * write conflicts when the block, or one cut short before it, brought a change of its object's lock by
 * somebody else that the application had not been given when it wrote. With a conflict all the judged
 * messages are withdrawn; without one, those written before a checkpoint by somebody else became known.
 */
import { Checker } from './checker.ts';
import { Bases } from './history/bases.ts';
import { whoEnded } from './model/locks.ts';
import type { RecordKind, RecordOf, TraceRecord } from './vocabulary.ts';

/** What one process knows of one group. */
class Knowledge {
  /** Messages of the chain that are not settled, and when each was written. */
  readonly pending = new Map<number, number>();
  mark = 0;
  resuming = false;
  /** What was missed: newest lock change by others, per object; and when a checkpoint became known. */
  readonly changes = new Map<string, number>();
  checkpointTurn = -1;
  expected: Verdict | null = null;
  resetDue: RecordOf<'withdrawn'> | null = null;

  forget(): void {
    this.resuming = false;
    this.changes.clear();
    this.checkpointTurn = -1;
  }
}

type Verdict = { readonly conflict: Set<number>; readonly discarded: Set<number> };

export class ConflictRule extends Checker {
  readonly property = 'C12';
  readonly promise =
    'A rejoin withdraws what conflicts and what a checkpoint voids, and nothing else.';
  override readonly sees: readonly RecordKind[] = [
    'started',
    'attached',
    'disowned',
    'restored',
    'call',
    'submitted',
    'part',
    'connection',
    'block',
    'delivered',
    'settled',
    'refused',
    'withdrawn',
    'joined',
    'rejoined',
    'reset',
    'left',
  ];
  readonly #bases = new Bases();
  readonly #knowledge = new Map<string, Map<string, Knowledge>>();
  readonly #identities = new Map<string, string>();
  readonly #clients = new Map<string, string>();
  /** Counts the records: which of two things was first. */
  #turn = 0;

  override see(record: TraceRecord): void {
    this.#turn += 1;
    this.#bases.see(record);
    if (record.kind === 'started') {
      this.#identities.set(record.node, record.identity);
      if (record.role === 'client') this.#knowledge.set(record.node, new Map());
      else this.#knowledge.delete(record.node);
    } else if (record.kind === 'attached') {
      this.#clients.set(record.node, record.client);
    } else if (record.kind === 'connection') {
      if (record.state === 'online') return;
      const groups = this.#knowledge.get(record.node)?.values() ?? [];
      for (const known of groups) known.resuming = false;
    } else if ('group' in record) {
      const known = this.#of(record);
      if (known !== null) this.#seeGroup(record, known);
    }
  }

  override finish(): void {
    for (const groups of this.#knowledge.values()) {
      for (const { resetDue } of groups.values()) {
        if (resetDue !== null) this.violated('no reset followed this', resetDue);
      }
    }
  }

  #seeGroup(record: TraceRecord, known: Knowledge): void {
    switch (record.kind) {
      case 'call':
        if (record.body === 'message') known.pending.set(record.localId, this.#turn);
        return;
      case 'restored':
        // Older than anything that this process will be given.
        if (record.body === 'message') known.pending.set(record.localId, 0);
        return;
      case 'block':
        if (record.purpose === 'join') this.#block(record, known);
        return;
      case 'delivered':
        if (known.resuming) this.#missed(record, known);
        return;
      case 'settled':
      case 'refused':
        known.pending.delete(record.localId);
        return;
      case 'withdrawn':
        this.#withdrawn(record, known);
        return;
      case 'joined':
      case 'rejoined':
        this.#blockTold(record, known);
        return;
      case 'reset':
        if (known.resetDue === null) this.violated(`${record.group} was reset for nothing`, record);
        known.resetDue = null;
        return;
      case 'left':
        known.forget();
        return;
      default:
    }
  }

  #block(block: RecordOf<'block'>, known: Knowledge): void {
    if (block.edge.endsWith('_begin')) {
      known.mark = block.mark;
      known.resuming = block.edge === 'resume_begin';
      return;
    }
    const identity = this.#identities.get(block.node) ?? '';
    known.expected =
      block.edge === 'resume_end'
        ? this.#verdict(known, identity, block.group)
        : { conflict: new Set(), discarded: new Set() };
    known.forget();
  }

  #missed(delivered: RecordOf<'delivered'>, known: Knowledge): void {
    const me = this.#clients.get(delivered.node);
    if (delivered.event === 'group_state') {
      if (delivered.sender !== me) known.checkpointTurn = this.#turn;
    } else if (delivered.event === 'lock_granted' || delivered.event === 'lock_released') {
      const by = delivered.event === 'lock_granted' ? delivered.sender : whoEnded(delivered);
      if (by === me) return;
      for (const object of delivered.objects) known.changes.set(object, delivered.seq);
    }
  }

  #verdict(known: Knowledge, identity: string, group: string): Verdict {
    const undecided = [...known.pending].filter(([localId]) => localId > known.mark);
    const conflict = new Set<number>();
    for (const [localId] of undecided) {
      const conflicts = this.#bases
        .of(identity, localId)
        .filter((write) => write.group === group && write.object !== null && write.base !== null)
        .some(({ object, base }) => (known.changes.get(object ?? '') ?? 0) > (base ?? 0));
      if (conflicts) conflict.add(localId);
    }
    const discarded = undecided.filter(
      ([localId, turn]) =>
        !conflict.has(localId) && (conflict.size > 0 || turn < known.checkpointTurn),
    );
    return { conflict, discarded: new Set(discarded.map(([localId]) => localId)) };
  }

  #withdrawn(withdrawn: RecordOf<'withdrawn'>, known: Knowledge): void {
    const { localId, why, group } = withdrawn;
    known.pending.delete(localId);
    known.resetDue = withdrawn;
    const set = why === 'conflict' ? known.expected?.conflict : known.expected?.discarded;
    if (set?.delete(localId) === true) return;
    this.violated(`${localId} of ${group} was withdrawn as ${why} without cause`, withdrawn);
  }

  #blockTold(record: RecordOf<'joined' | 'rejoined'>, known: Knowledge): void {
    const { conflict = new Set(), discarded = new Set() } = known.expected ?? {};
    known.expected = null;
    if (conflict.size > 0) this.violated(`conflicts ${[...conflict]} were missed`, record);
    if (discarded.size > 0) this.violated(`${[...discarded]} should have been discarded`, record);
  }

  #of({ node, group }: { readonly node: string; readonly group: string }): Knowledge | null {
    const groups = this.#knowledge.get(node);
    if (groups === undefined) return null;
    let known = groups.get(group);
    if (known === undefined) {
      known = new Knowledge();
      groups.set(group, known);
    }
    return known;
  }
}
