/**
 * K3: a write takes effect only while its object is unlocked or locked by the writer.
 * K7: a write that names a lock set takes effect only while that set is held, by the writer, on the object:
 * a holder that slept through its whole grace is refused, even if nobody took the object since.
 */
import { Checker } from './checker.ts';
import type { Logged, Part } from './history/server-log.ts';
import type { Moment } from './replay.ts';

type Write = Extract<Logged, { event: 'obj_state' }>;

abstract class Writes extends Checker {
  override before(moment: Moment): void {
    for (const { events } of moment.step.units) {
      for (const event of events) if (event.event === 'obj_state') this.judge(event, moment);
    }
  }

  protected abstract judge(write: Write, moment: Moment): void;
}

export class WriteFencing extends Writes {
  readonly property = 'K3';
  readonly promise = 'No write to an object takes effect while another client holds its lock.';

  protected judge(write: Write, { groups }: Moment): void {
    const sets = groups.get(write.created)?.locks.setsWith(write.object) ?? [];
    for (const { holder, lockSet } of sets) {
      if (holder === write.sender) continue;
      this.violated(`${write.object} is locked by ${holder} (${lockSet})`, write);
    }
  }
}

export class StaleHolder extends Writes {
  readonly property = 'K7';
  readonly promise = 'A write under a lock set that is no longer held is refused.';

  protected judge(write: Write, { step, groups }: Moment): void {
    const part = step.parts.find((one) => isSource(one, write));
    if (part?.part !== 'obj_state' || part.fence === 0) return;
    const set = groups.get(write.created)?.locks.get(part.fence) ?? null;
    if (set?.holder === write.sender && set.objects.includes(write.object)) return;
    this.violated(`lock set ${part.fence} is not held on ${write.object}`, write);
  }
}

function isSource(part: Part, { group, object, data }: Write): boolean {
  if (part.part !== 'obj_state') return false;
  return part.group === group && part.object === object && part.data === data;
}
