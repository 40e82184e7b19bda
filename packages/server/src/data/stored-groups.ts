/** The groups in a data directory that no server uses, and what each of them holds. */
import { GroupsService } from '@choir/groups';
import type { GroupId } from '@choir/protocol';
import { Delivered } from '../host/delivered.ts';
import type { GroupFigures } from '../operator/request.ts';
import type { ServeError } from '../serve-error.ts';
import { applyLog } from './log-reading.ts';

export type StoredGroups = {
  readonly groups: readonly GroupFigures[];
  /** Why they are not all; null when they are. */
  readonly failure: ServeError | null;
};

export function storedGroups(data: string): StoredGroups {
  const service = new GroupsService();
  const sizes = new Map<GroupId, { entries: number; bytes: number }>();
  const reading = applyLog(data, service);
  for (let step = reading.next(); ; step = reading.next()) {
    if (step.done === true) {
      const groups = service.summaries().map((each) => ({
        ...each,
        ...(sizes.get(each.group) ?? { entries: 0, bytes: 0 }),
      }));
      return { groups, failure: step.value };
    }
    const { at, time } = step.value.ordered;
    for (const effect of step.value.effects) {
      if (effect.kind === 'group_deleted') sizes.delete(effect.group);
      if (effect.kind !== 'deliver') continue;
      const { group: id, name: group, events } = effect;
      const size = sizes.get(id) ?? { entries: 0, bytes: 0 };
      size.entries += 1;
      size.bytes += Delivered.of({ group, at, time, events }).wire.length;
      sizes.set(id, size);
    }
  }
}
