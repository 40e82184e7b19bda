/**
 * What a server says to its operator, a line for each event. Who runs it chooses what is behind this;
 * names and messages of clients are passed as fields, so that what is behind can escape them (O4).
 */
export type Fields = { readonly [name: string]: string | number | boolean | null | undefined };

export type Log = {
  /** For those who look for something: each connection. */
  debug(fields: Fields, what: string): void;
  /** Start, end, and what the operator asked for. */
  info(fields: Fields, what: string): void;
  /** Somebody should look at this. */
  warn(fields: Fields, what: string): void;
  /** The server ends. */
  error(fields: Fields, what: string): void;
};

const nothing = (): void => undefined;

export const silence: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
