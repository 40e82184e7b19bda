/**
 * The replay: the complete log, position by position, over the naive models. Checkers look at the
 * models before and after each step.
 *
 * The models believe what the log says happened (`logged`), never what an entry asked for; what an
 * entry asked for is what the checkers compare it with.
 */
import type { Entry, Step } from './history/server-log.ts';
import { type Attributes, defaultAttributes, Group } from './model/group.ts';
import { Marks, type Standing, type Submit } from './model/marks.ts';
import { type SessionChange, Sessions } from './model/sessions.ts';

export type Moment = {
  readonly step: Step;
  readonly entry: Entry | null;
  readonly sessions: Sessions;
  readonly sessionChange: SessionChange;
  readonly groups: ReadonlyMap<number, Group>;
  /** How the entry's submission stands to its chain; null when the entry is none. */
  readonly standing: Standing | null;
  /** The submission that is decided here, if one is. */
  readonly decided: Submit | null;
  named(name: string): Group | null;
};

export class Replay {
  readonly #sessions = new Sessions();
  readonly #marks = new Marks();
  readonly #groups = new Map<number, Group>();
  readonly #names = new Map<string, number>();

  /** The end of the log: its models. */
  get groups(): ReadonlyMap<number, Group> {
    return this.#groups;
  }

  get sessions(): Sessions {
    return this.#sessions;
  }

  named(name: string): Group | null {
    return this.#groups.get(this.#names.get(name) ?? 0) ?? null;
  }

  run(
    steps: readonly Step[],
    before: (moment: Moment) => void,
    after: (moment: Moment) => void,
  ): void {
    for (const step of steps) {
      const moment = this.#moment(step);
      before(moment);
      this.#apply(moment);
      after(moment);
    }
  }

  /** Sessions change first: an attach acts at its own position. */
  #moment(step: Step): Moment {
    const { entry } = step;
    const none: SessionChange = { began: null, ended: [] };
    const submit = entry?.command === 'submit' ? entry : null;
    const current = submit === null ? null : this.#sessions.current(submit.client);
    const standing = submit === null ? null : this.#marks.standing(submit, current);
    return {
      step,
      entry,
      sessions: this.#sessions,
      sessionChange: entry === null ? none : this.#sessions.apply(entry),
      groups: this.#groups,
      standing,
      decided: standing === 'decided' ? submit : null,
      named: (name) => this.named(name),
    };
  }

  #apply({ step, decided }: Moment): void {
    for (const unit of step.units) {
      const group = this.#group(unit.created, unit.group, step);
      for (const event of unit.events) {
        group.apply(event, step.seq, (client) => this.#sessions.current(client) !== null);
      }
      if (group.deleted) this.#names.delete(group.name);
    }
    if (decided === null) return;
    this.#marks.move(decided);
    this.#queue(decided, step);
  }

  /** A lock request that may wait and was not granted at once waits, if its client is a member. */
  #queue(submit: Submit, step: Step): void {
    const group = this.named(submit.group);
    if (group === null) return;
    const { client, localId } = submit;
    if (submit.body === 'lock_cancel') group.locks.stopWaiting(client, submit.request);
    if (submit.body !== 'lock_request' || !submit.wait || submit.objects.length === 0) return;
    if (group.members.get(client) === null) return;
    const granted = step.units.some(({ events }) =>
      events.some(
        (e) => e.event === 'lock_granted' && e.sender === client && e.localId === localId,
      ),
    );
    if (!granted) group.locks.wait({ client, localId, objects: submit.objects });
  }

  #group(created: number, name: string, step: Step): Group {
    const known = this.#groups.get(created);
    if (known !== undefined) return known;
    const identity = { created, createdAt: step.seq, name };
    const group = new Group(identity, attributesOf(name, step));
    this.#groups.set(created, group);
    this.#names.set(name, created);
    return group;
  }
}

/** A group made by `create` has the attributes named there, any other the defaults. */
function attributesOf(name: string, { entry }: Step): Attributes {
  if (entry?.command !== 'submit' || entry.body !== 'create') return defaultAttributes;
  if (entry.group !== name) return defaultAttributes;
  const absenceMs = entry.absenceMs === 0 ? defaultAttributes.absenceMs : entry.absenceMs;
  return { stateful: entry.stateful, absenceMs: Math.min(absenceMs, 3_600_000) };
}
