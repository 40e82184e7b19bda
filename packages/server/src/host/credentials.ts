/**
 * On whose behalf a connection acts. The host cannot verify a token: it asks the driver (`verify`), holds
 * what the connection says next, and goes on with the verdict (`verified`).
 */
import type { GroupName, Refusal } from '@choir/protocol';
import { refusal } from './admission.ts';
import { Capabilities, everything, type Grant, type Lack, usual } from './capabilities.ts';
import type { Connection } from './connection.ts';
import type { Session } from './session.ts';
import type { HostSettings } from './settings.ts';

/** What a driver found a token to be. */
export type Verdict =
  | {
      readonly ok: true;
      readonly subject: string;
      readonly grants: readonly Grant[];
      readonly expiresInMs: number;
    }
  /** `message`: why it does not hold, for the client. An expired one held before: the client has others. */
  | { readonly ok: false; readonly expired: boolean; readonly message: string };

export type Credentials = {
  readonly subject: string;
  readonly capabilities: Capabilities;
  /** In the host's time. */
  readonly expiresAt: number;
};

/** False when the subject has too many connections. */
type Authorize = (connection: Connection, credentials: Credentials) => boolean;

/** When one of too many connections of a subject is to try again. */
const crowdedMs = 5_000;

/** Takes the verdict about the token of a connection, which waits for it. */
export function judge(
  connection: Connection,
  verdict: Verdict,
  { now, authorize }: { readonly now: number; readonly authorize: Authorize },
): void {
  connection.verifying = false;
  connection.touch();
  if (connection.stage === 'closing') return;
  if (!verdict.ok) {
    const { expired, message } = verdict;
    if (expired) connection.end({ code: 'CREDENTIALS_EXPIRED', message, retryAfterMs: 0 });
    else connection.end({ code: 'UNAUTHORIZED', message });
    return;
  }
  const { subject, grants, expiresInMs } = verdict;
  const { credentials: older, session } = connection;
  if (older !== null && older.subject !== subject) {
    connection.end({ code: 'UNAUTHORIZED', message: 'The newer token is of another subject.' });
    return;
  }
  const capabilities = new Capabilities(grants);
  if (!authorize(connection, { subject, capabilities, expiresAt: now + expiresInMs })) {
    const message = 'There are too many connections on behalf of this subject.';
    connection.end({ code: 'LIMIT', message, retryAfterMs: crowdedMs });
    return;
  }
  connection.send({ kind: 'authorized', subject, expiresInMs: Math.ceil(expiresInMs) });
  const lost = session === null ? null : followedWithout(session, capabilities);
  if (lost !== null) {
    const message = `The newer token does not grant to follow "${lost}".`;
    connection.end({ code: 'FORBIDDEN', message, retryAfterMs: 0 });
  }
}

/** Ends a connection whose credentials have expired. */
export function endExpired(connection: Connection, now: number): void {
  const { credentials } = connection;
  if (credentials === null || now < credentials.expiresAt) return;
  connection.end({ ...refusal('CREDENTIALS_EXPIRED'), retryAfterMs: 0 });
}

/**
 * Newer credentials wait until everything before them was taken and answered, so that nothing comes to be
 * followed that was asked for by the older ones.
 */
export function mayChange({ inFlight, session }: Connection): boolean {
  return inFlight === 0 && (session === null || session.blocks === 0);
}

export function capabilitiesOf(session: Session, settings: HostSettings): Capabilities {
  const { credentials } = session.connection;
  if (credentials !== null) return credentials.capabilities;
  return settings.admins.has(session.client) ? everything : usual;
}

export function notGranted({ verb, group }: Lack): Refusal {
  return { code: 'FORBIDDEN', message: `"${verb}" in "${group}" is not granted to this client.` };
}

/** A group that the session follows and may not. */
function followedWithout(session: Session, granted: Capabilities): GroupName | null {
  for (const { member, stream } of session.subscriptions.values()) {
    if (member !== null && !granted.allows('join', stream.name)) return stream.name;
  }
  for (const name of session.watches.keys()) if (!granted.allows('watch', name)) return name;
  return null;
}
