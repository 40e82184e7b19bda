/**
 * How much of the logs of groups is kept (docs/design/groups.md, "Retention"): proposes, now and then, what
 * the operator's rules make dispensable. The service decides, at the position of the proposal.
 */
import type { GroupsService, Kept } from '@choir/groups';
import type { GroupId, GroupName } from '@choir/protocol';
import { covers } from './capabilities.ts';
import type { HostSettings } from './settings.ts';
import type { Submitter } from './submitter.ts';

/** The first rule that names a group holds for it. `groups` as in a grant. */
export type RetentionRule = {
  readonly groups: string;
  /** The newest so many deliveries are kept; and up to an eighth of what there was before the cut. */
  readonly entries?: number;
  /** Of those, the ones that are younger, milliseconds by the time of the log. */
  readonly ageMs?: number;
};

type Parts = {
  readonly service: GroupsService;
  readonly submitter: Submitter;
  readonly settings: HostSettings;
};

/** The ordering took no more. */
const fullMs = 1_000;
/** Groups that are looked at in one turn. */
const turnGroups = 1_000;

export class Retention {
  readonly #parts: Parts;
  #left: Iterator<readonly [GroupId, GroupName]> | null = null;
  #nextDue = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** When `run` is to be called; null when everything is kept. */
  get nextDue(): number | null {
    return this.#parts.settings.retention.length === 0 ? null : this.#nextDue;
  }

  /** Goes on with what is due. `wallMs`: the time that entries would get now. */
  run(now: number, wallMs: number): void {
    const { service, settings } = this.#parts;
    if (settings.retention.length === 0 || now < this.#nextDue) return;
    this.#left ??= service.groupNames()[Symbol.iterator]();
    for (let looked = 0; looked < turnGroups; looked += 1) {
      const { value: group } = this.#left.next();
      if (group === undefined) {
        this.#left = null;
        this.#nextDue = now + settings.retentionMs;
        return;
      }
      if (this.#cut(group, wallMs) === 'done') continue;
      this.#nextDue = now + fullMs;
      return;
    }
  }

  #cut([id, name]: readonly [GroupId, GroupName], wallMs: number): 'full' | 'done' {
    const { service, submitter, settings } = this.#parts;
    const rule = settings.retention.find(({ groups }) => covers(groups, name));
    if (rule === undefined) return 'done';
    const upTo = service.dispensable(id, keptBy(rule, wallMs));
    if (upTo === null) return 'done';
    const result = submitter.submit({ kind: 'cut_history', group: id, upTo }, null);
    // This one is looked at again the next time.
    return result === 'queued' ? 'done' : 'full';
  }
}

function keptBy({ entries, ageMs }: RetentionRule, wallMs: number): Kept {
  return {
    ...(entries === undefined ? {} : { entries }),
    ...(ageMs === undefined ? {} : { since: wallMs - ageMs }),
  };
}
