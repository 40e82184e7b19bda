/**
 * M2, M4: no false absence (paper §6). A client that is back within the absence time of its group is never told
 * to be new or gone; the time counts anew when a server starts, and everybody who was connected
 * through the old one is disconnected before anybody is served.
 */
import { Checker } from './checker.ts';
import { expirySlackMs } from './grace.ts';
import type { History } from './history/history.ts';
import type { Logged } from './history/server-log.ts';
import type { Moment, Replay } from './replay.ts';

type NonMember = Extract<Logged, { event: 'non_member' }>;

/** What an expiry is judged by. */
type Expiry = {
  readonly event: NonMember;
  readonly absenceMs: number;
  /** When the absence began, when a server last opened before the end of it, and when it ended. */
  readonly since: number;
  readonly opened: number;
  readonly ended: number;
};

abstract class Absences extends Checker {
  override before({ step, entry, groups }: Moment, { log, lives }: History): void {
    for (const { created, events } of step.units) {
      const group = groups.get(created);
      for (const event of events) {
        if (event.event !== 'non_member' || event.cause !== 'timeout') continue;
        if (entry === null || entry.late) continue;
        const member = group?.members.get(event.client) ?? null;
        if (group === undefined || member?.status !== 'disconnected_member') continue;
        const since = log.step(member.since)?.entry?.t ?? 0;
        const opened = lives.openedBefore(entry.t);
        const { absenceMs } = group.attributes;
        this.expired({ event, absenceMs, since, opened, ended: entry.t });
      }
    }
  }

  protected abstract expired(expiry: Expiry): void;
}

export class Absence extends Absences {
  readonly property = 'M2';
  readonly promise = 'A short absence is told as disconnected, never as gone or new.';

  protected expired({ event, absenceMs, since, opened, ended }: Expiry): void {
    if (opened > since || ended - since >= absenceMs * 0.999 - 1) return;
    this.violated(`${event.client} is gone after ${ended - since} ms of ${absenceMs}`, event);
  }

  /** And a long one is not told as disconnected for ever. */
  override finish(history: History, end: Replay): void {
    const over = history.endOfTrace;
    const { lives, log } = history;
    for (const { deleted, name, members, attributes } of end.groups.values()) {
      if (deleted) continue;
      for (const [client, { status, since }] of members.all) {
        if (status === 'member') continue;
        const began = log.step(since)?.entry?.t ?? 0;
        const able = lives.ableMs(Math.max(began, lives.openedBefore(over)), over);
        if (able <= attributes.absenceMs * 1.001 + expirySlackMs) continue;
        this.violated(`${client} is away from ${name} for ${able} ms of ${attributes.absenceMs}`);
      }
    }
  }
}

export class AbsenceOverRestart extends Absences {
  readonly property = 'M4';
  readonly promise =
    'After a restart all who were connected are disconnected, with their time anew.';
  /** The life of a server whose entries come now. */
  #source = '';

  protected expired({ event, absenceMs, since, opened, ended }: Expiry): void {
    if (opened <= since || ended - opened >= absenceMs * 0.999 - 1) return;
    const text = `${event.client} is gone ${ended - opened} ms after the server came back, of ${absenceMs}`;
    this.violated(text, event);
  }

  override before(moment: Moment, history: History): void {
    super.before(moment, history);
    const { entry, groups, sessions } = moment;
    if (entry === null || entry.source === '' || entry.source === this.#source) return;
    this.#source = entry.source;
    for (const { deleted, name, members } of groups.values()) {
      if (deleted) continue;
      for (const [client, { status }] of members.all) {
        if (status === 'disconnected_member' || sessions.source(client) === entry.source) continue;
        this.violated(`${client} is a member of ${name} though the server was restarted`, entry);
      }
    }
  }
}
