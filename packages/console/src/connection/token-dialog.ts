/** Asks for a token where the server asks for credentials. It is kept in the window, or longer if wished. */
import { ChoirError } from '@choir/client';
import { element } from '../page/elements.ts';
import { forget, keep, kept } from '../page/kept.ts';

const key = 'choir token';

/** The token that was given before; null: none. */
export function keptToken(): string | null {
  return kept(key);
}

export function forgetToken(): void {
  forget(key);
}

/** Whether the server ended the session for want of credentials that hold. */
export function wantsToken(code: string): boolean {
  return code === 'UNAUTHORIZED' || code === 'CREDENTIALS_EXPIRED' || code === 'TOKEN';
}

/** Opens the dialog, with what was wrong; `given` when a token was entered and kept. */
export function askForToken(why: string, given: () => void): void {
  const dialog = element('token-dialog', HTMLDialogElement);
  const field = element('token', HTMLTextAreaElement);
  const forGood = element('token-kept', HTMLInputElement);
  element('token-why', HTMLParagraphElement).textContent = why;
  element('token-form', HTMLFormElement).onsubmit = () => {
    keep(key, field.value.replace(/\s+/g, ''), { forGood: forGood.checked });
    field.value = '';
    given();
  };
  if (!dialog.open) dialog.showModal();
}

/** Makes a client with the token kept; one that is no token at all is forgotten and asked for again. */
export function withToken<T>(make: (token: string | null) => T): T {
  try {
    return make(keptToken());
  } catch (error) {
    if (!(error instanceof ChoirError && error.code === 'TOKEN')) throw error;
    forgetToken();
    return make(null);
  }
}
