/** What the doctor found: one thing looked at, how it is, and what to do when it is not well. */
export type Finding = {
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  /** What was found, as a sentence; with the cause when something is wrong. */
  readonly found: string;
  readonly remedy?: string;
};

export function ok(check: string, found: string): Finding {
  return { check, status: 'ok', found };
}

export function warn(check: string, found: string, remedy: string): Finding {
  return { check, status: 'warn', found, remedy };
}

export function fail(check: string, found: string, remedy: string): Finding {
  return { check, status: 'fail', found, remedy };
}
