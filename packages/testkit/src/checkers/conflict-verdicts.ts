/**
 * C12 at the server: a write is accepted only if, after its base, nobody else changed the lock of its object or
 * replaced the state; and it is refused as a conflict only if somebody did. The base is the trace's
 * own, where the writer is a client whose calls were recorded.
 */
import { Checker } from './checker.ts';
import { Bases } from './history/bases.ts';
import type { History } from './history/history.ts';
import type { Part } from './history/server-log.ts';
import type { Submit } from './model/marks.ts';
import type { Moment } from './replay.ts';
import type { RecordKind, TraceRecord } from './vocabulary.ts';

export class ConflictVerdicts extends Checker {
  readonly property = 'C12';
  readonly promise =
    'No write that conflicts takes effect, and no other is refused for a conflict.';
  override readonly sees: readonly RecordKind[] = [
    'started',
    'disowned',
    'restored',
    'submitted',
    'block',
    'delivered',
    'left',
    'part',
  ];
  readonly #bases = new Bases();

  override see(record: TraceRecord): void {
    this.#bases.see(record);
  }

  override before(moment: Moment, history: History): void {
    const { decided, step } = moment;
    if (decided === null || decided.body !== 'message') return;
    const { client, localId } = decided;
    const refusal = history.refusals.get(step.seq) ?? null;
    const accepted = step.units.some(({ events }) =>
      events.some(
        (event) => 'sender' in event && event.sender === client && event.localId === localId,
      ),
    );
    const reasons = step.parts.map((part) => this.#reason(part, moment, history));
    if (accepted) {
      const reason = reasons.find((one) => one !== null);
      if (reason === undefined || reason === null) return;
      this.violated(`${client}, local id ${localId}, took effect; ${reason.text}`, decided);
    } else if (refusal?.code === 'CONFLICT' || refusal?.code === 'CHECKPOINTED') {
      if (reasons.some((reason) => reason?.code === refusal.code)) return;
      this.violated(`${client}, local id ${localId}, was refused as ${refusal.code}`, decided);
    }
  }

  /** Why a part must not take effect. */
  #reason(
    part: Part,
    { decided, named }: Moment,
    history: History,
  ): { readonly code: string; readonly text: string } | null {
    if (decided === null || part.part === 'bcast') return null;
    const group = named(part.group);
    if (group === null) return null;
    const { client } = decided;
    const base = this.#baseOf(part, decided, history);
    if (group.createdAt > base || group.objects.replacedByOther(client, base)) {
      return { code: 'CHECKPOINTED', text: `the state was replaced after ${base}` };
    }
    if (part.part !== 'obj_state') return null;
    if (!group.locks.changedByOther(part.object, client, base)) return null;
    return { code: 'CONFLICT', text: `the lock of ${part.object} changed after ${base}` };
  }

  #baseOf(part: Part, { client, localId }: Submit, { processes }: History): number {
    const claimed = part.part === 'bcast' ? 0 : part.base;
    const identity = [...processes.identities.values()].find(
      (one) => one.role === 'client' && one.client === client,
    );
    if (identity === undefined) return claimed;
    const object = part.part === 'obj_state' ? part.object : null;
    const write = this.#bases
      .of(identity.name, localId)
      .find((one) => one.group === part.group && one.object === object);
    return write?.base ?? claimed;
  }
}
