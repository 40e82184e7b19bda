/** How the connection is, and how much is pending, in a few words. Only the state is read aloud. */
import type { ConnectionInfo } from '@choir/client';

export type ConnectionSight = {
  readonly state: 'connecting' | 'online' | 'offline' | 'closed';
  /** Beside the state. */
  readonly pending: string;
  /** More, for who points at it. */
  readonly title: string;
};

/** `wasOnline`: whoever was connected is offline while it tries again, not new. */
export function sightOf(
  { state, retryInMs, why }: ConnectionInfo,
  { pending, wasOnline }: { readonly pending: number; readonly wasOnline: boolean },
): ConnectionSight {
  const shown = state === 'connecting' && wasOnline ? 'offline' : state;
  const retry = retryInMs === null ? '' : `Next attempt after ${Math.ceil(retryInMs / 1000)} s.`;
  return {
    state: shown,
    pending: `, ${pending} pending`,
    title: [why, retry].filter((part) => part !== '').join(' '),
  };
}
