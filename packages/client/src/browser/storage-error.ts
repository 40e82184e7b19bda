/** What a browser's storage does not do, said so that its user knows what to do about it. */
import { ChoirError, errorText } from '../choir-error.ts';

/** A browser may end a transaction without saying why. */
export function causeOf(error: DOMException | null): Error {
  return error ?? new Error('The browser does not say why.');
}

/** Why an outbox cannot be opened. */
export function openingError(cause: unknown): ChoirError {
  if (cause instanceof ChoirError) return cause;
  if (nameOf(cause) === 'QuotaExceededError') return quotaError(cause);
  if (nameOf(cause) === 'VersionError') {
    return unavailable('a newer version of this program wrote it. Load the page again.', cause);
  }
  const remedy = 'Allow the site to store data, and leave private browsing.';
  return unavailable(`${errorText(cause)} ${remedy}`, cause);
}

/** Why something was not stored. */
export function writingError(cause: unknown): ChoirError {
  if (nameOf(cause) === 'QuotaExceededError') return quotaError(cause);
  return new ChoirError('OUTBOX_FAILED', `The outbox was not stored: ${errorText(cause)}`, {
    cause,
  });
}

/** What the browser lacks for an outbox; null when it has everything. */
export function missing(): ChoirError | null {
  if (typeof navigator === 'undefined' || navigator.locks === undefined) {
    return unavailable('it needs a page from https: or from this machine (localhost).');
  }
  try {
    if (typeof indexedDB !== 'undefined' && indexedDB !== null) return null;
  } catch (cause) {
    // Where storage is forbidden, some browsers forbid even to ask.
    return openingError(cause);
  }
  return unavailable('this browser has no IndexedDB.');
}

function quotaError(cause: unknown): ChoirError {
  const message =
    'The browser gives this site no more room for its outbox. Free space on the device, or remove ' +
    'what the site has stored.';
  return new ChoirError('OUTBOX_QUOTA', message, { cause });
}

function unavailable(why: string, cause?: unknown): ChoirError {
  return new ChoirError('OUTBOX_UNAVAILABLE', `The outbox cannot be opened: ${why}`, { cause });
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : '';
}
