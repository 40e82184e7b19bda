/** What a database holds, as an outbox; and what of it cannot be read (B4). */
import { ChoirError } from '../choir-error.ts';
import { decodeEntry, type Entry, recordOf } from '../outbox-entry.ts';
import type { Identity, StoredOutbox } from '../outbox-store.ts';
import type { OutboxRecord } from '../session/index.ts';
import type { Found } from './outbox-database.ts';

/** A record that cannot be read, as it was found. */
export type DamagedRecord = { readonly key: IDBValidKey; readonly value: unknown };

export type Reading = {
  readonly found: StoredOutbox;
  readonly damaged: readonly DamagedRecord[];
};

/** @throws OUTBOX_DAMAGED when it does not say whose outbox it is, or which local ids were used. */
export function readingOf({ about, pending }: Found): Reading {
  const records: OutboxRecord[] = [];
  const damaged: DamagedRecord[] = [];
  // In the order of their keys, which are the local ids.
  for (const [key, value] of pending) {
    const entry = entryOf(value);
    if (entry?.kind === 'stored' && entry.submission.localId === key) records.push(recordOf(entry));
    else damaged.push({ key, value });
  }
  const isNew = about.size === 0 && pending.size === 0;
  const found = {
    identity: isNew ? null : identityOf(about),
    lastLocalId: pending.size === 0 && !about.has('used') ? 0 : lastLocalIdOf(about.get('used')),
    records,
  };
  return { found, damaged };
}

function identityOf(about: Found['about']): Identity {
  const entry = entryOf(about.get('identity'));
  if (entry?.kind !== 'identity') return damagedError('It does not say whose outbox it is.');
  const { clientId = null, secret } = entry;
  if (!about.has('home')) return { clientId, secret };
  const home = entryOf(about.get('home'));
  if (home?.kind !== 'home') return damagedError('It does not say which server knows its client.');
  return { clientId, secret, server: home.server };
}

function lastLocalIdOf(value: unknown): number {
  const entry = entryOf(value);
  return entry?.kind === 'used'
    ? entry.localId
    : damagedError('It does not say which local ids were used.');
}

function entryOf(value: unknown): Entry | null {
  return value instanceof Uint8Array ? decodeEntry(value) : null;
}

function damagedError(why: string): never {
  const remedy = 'BrowserOutbox.delete forgets it, and what is pending in it.';
  throw new ChoirError('OUTBOX_DAMAGED', `The outbox cannot be read. ${why} ${remedy}`);
}
