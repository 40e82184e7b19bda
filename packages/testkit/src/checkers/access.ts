/**
 * C16: only members change a state, only of a stateful group, and only whom the server found entitled to it
 * replaces a state, breaks a lock or deletes a group. What was refused is not in the log of the group.
 */
import { Checker } from './checker.ts';
import type { Logged } from './history/server-log.ts';
import type { Moment } from './replay.ts';

export class Access extends Checker {
  readonly property = 'C16';
  readonly promise =
    'State is changed by members only, and privileges are needed where they are said to be.';

  override before({ step, decided, groups }: Moment): void {
    for (const { created, events } of step.units) {
      const group = groups.get(created) ?? null;
      for (const event of events) {
        const objection = this.#objection(event, group, decided?.privileged ?? false);
        if (objection !== null) this.violated(objection, event);
      }
    }
  }

  #objection(
    event: Logged,
    group: ReturnType<Moment['named']>,
    privileged: boolean,
  ): string | null {
    switch (event.event) {
      case 'obj_state':
      case 'group_state':
        if (group?.members.get(event.sender) == null) return `${event.sender} is not a member`;
        if (!group.attributes.stateful) return `${event.group} is stateless`;
        return event.event === 'group_state' && !privileged ? `${event.sender} may not` : null;
      case 'lock_released':
        return event.cause === 'broken' && !privileged ? `${event.by} may not` : null;
      case 'lock_granted':
        return group?.members.get(event.sender) == null ? `${event.sender} is not a member` : null;
      case 'properties': {
        if (group === null || group.members.get(event.sender) !== null) return null;
        return event.seq === group.createdAt ? null : `${event.sender} is not a member`;
      }
      case 'group_deleted':
        return privileged ? null : `${event.sender} may not`;
      default:
        return null;
    }
  }
}
