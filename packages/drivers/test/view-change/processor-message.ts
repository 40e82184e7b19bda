/** How the recorder begins a processor; what it says to it afterwards is the text of a message to send. */
export type Beginning = {
  /** From 1; the first one makes the group. */
  readonly number: number;
  /** Its IP address. */
  readonly host: string;
  readonly port: number;
  readonly seeds: readonly string[];
  /** A cluster key in hexadecimal; null sends in the clear. */
  readonly key: string | null;
};

/** What a processor tells. */
export type Told =
  | { readonly kind: 'view'; readonly members: number }
  | { readonly kind: 'message'; readonly text: string };
