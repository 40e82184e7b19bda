/** What one seed of a suite has come to. */
export type Outcome = {
  readonly seed: number;
  readonly hash: string;
  readonly violations: readonly { readonly property: string; readonly text: string }[];
  /** It held enough committed work, and enough faults that bit. */
  readonly counts: boolean;
  readonly entries: number;
  readonly operations: number;
  /** Kinds of messages, events, codes and faults that occurred. */
  readonly seen: readonly string[];
  /** The trace as text, if it was asked for. */
  readonly trace: string;
};
