/**
 * Small things that outlive the page: in the window, or in the browser. Where neither may store anything
 * they last as long as the page.
 */

const inPage = new Map<string, string>();

/** What was kept under this key; null: nothing. */
export function kept(key: string): string | null {
  return inPage.get(key) ?? read('sessionStorage', key) ?? read('localStorage', key);
}

/** `forGood`: beyond this window. */
export function keep(key: string, value: string, { forGood }: { readonly forGood: boolean }): void {
  forget(key);
  try {
    globalThis[forGood ? 'localStorage' : 'sessionStorage'].setItem(key, value);
  } catch {
    inPage.set(key, value);
  }
}

export function forget(key: string): void {
  inPage.delete(key);
  for (const place of ['sessionStorage', 'localStorage'] as const) {
    try {
      globalThis[place].removeItem(key);
    } catch {
      // Nothing can be in it.
    }
  }
}

/** To look at a storage that is forbidden is an error already. */
function read(place: 'sessionStorage' | 'localStorage', key: string): string | null {
  try {
    return globalThis[place].getItem(key);
  } catch {
    return null;
  }
}
