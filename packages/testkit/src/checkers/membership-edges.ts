/**
 * M1: a member's states follow non_member → member → disconnected_member → member | non_member, and member →
 * non_member by leaving; every edge that is taken gives exactly one notification. Which edges are taken
 * follows from the entries: sessions that begin and end, joins, leaves, expiries.
 */
import { Checker } from './checker.ts';
import type { Logged } from './history/server-log.ts';
import type { Group } from './model/group.ts';
import type { Moment } from './replay.ts';

type Status = 'non_member' | 'member' | 'disconnected_member';

/** For each notification, the states from which its edge may be taken. */
const edges: Readonly<Record<string, readonly Status[]>> = {
  new_member: ['non_member'],
  disconnected_member: ['member'],
  rejoined_member: ['disconnected_member'],
  non_member: ['member', 'disconnected_member'],
};

export class MembershipEdges extends Checker {
  readonly property = 'M1';
  readonly promise = 'Membership changes along the edges of the paper, each told once.';

  override before(moment: Moment): void {
    const { step, groups } = moment;
    for (const { created, events } of step.units) {
      const seen = new Set<string>();
      for (const event of events) {
        if (!('client' in event) || event.event === 'renamed_member') continue;
        const status = groups.get(created)?.members.get(event.client)?.status ?? 'non_member';
        if (seen.has(event.client)) this.violated(`${event.client} is told of twice`, event);
        else if (edges[event.event]?.includes(status) !== true) {
          this.violated(`${event.event} of ${event.client}, who is ${status}`, event);
        }
        seen.add(event.client);
        this.#judgeLeave(event, status, moment);
      }
    }
    this.#judgeSessions(moment);
  }

  /** A connected member becomes a non-member by its own leave only. */
  #judgeLeave(event: Logged, status: Status, { decided }: Moment): void {
    if (event.event !== 'non_member') return;
    const leaves = decided?.body === 'leave' && decided.client === event.client;
    if (event.cause === 'left' ? leaves : status === 'disconnected_member') return;
    this.violated(`${event.client} is ${status} and was made a non-member`, event);
  }

  /** Whose session ended is disconnected in all its groups; who joined is in. */
  #judgeSessions({ step, entry, sessionChange, groups, sessions, named }: Moment): void {
    for (const client of sessionChange.ended) {
      for (const group of groups.values()) {
        if (group.deleted || group.members.get(client)?.status !== 'member') continue;
        if (isTold('disconnected_member', client, group, step)) continue;
        this.violated(`${group.name} was not told that ${client} is disconnected`, entry);
      }
    }
    if (entry?.command !== 'join' || sessions.current(entry.client) !== entry.session) return;
    for (const name of entry.groups) {
      const group = named(name);
      const status = group?.members.get(entry.client)?.status;
      if (group === null || status === undefined || status === 'member') continue;
      const told = step.units.some(({ group: unit }) => unit === name);
      if (told && isTold('rejoined_member', entry.client, group, step)) continue;
      // C8 reports what was not entered at all.
      if (told) this.violated(`${name} was not told that ${entry.client} is back`, entry);
    }
  }
}

function isTold(
  event: string,
  client: string,
  { created }: Group,
  { units }: Moment['step'],
): boolean {
  return units.some(
    (unit) =>
      unit.created === created &&
      unit.events.some((one) => one.event === event && 'client' in one && one.client === client),
  );
}
