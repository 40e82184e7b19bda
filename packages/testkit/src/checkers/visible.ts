/** What a client sees of what a group received: own sender-exclusive messages come back as acks. */
import { isMembership } from './group-event.ts';
import type { Logged, Unit } from './history/server-log.ts';

export type Scope = 'everything' | 'members';

export function visibleTo(
  events: readonly Logged[],
  client: string,
  scope: Scope,
): readonly Logged[] {
  return events.filter((event) =>
    scope === 'members' ? isMembership(event) : !isHidden(event, client),
  );
}

/** The units of which a client receives a delivery. */
export function isVisible(unit: Unit, client: string, scope: Scope): boolean {
  return visibleTo(unit.events, client, scope).length > 0;
}

function isHidden(event: Logged, client: string): boolean {
  return event.event === 'bcast' && event.exclusive && event.sender === client;
}
