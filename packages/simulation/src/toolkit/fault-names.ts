/** Faults of members and their applications; those of processors and of the network are of the suite `ftmp`. */
export const memberFaultNames = [
  /** For a while the snapshots of a member, or of all, throw in their midst. */
  'snapshot-throws',
  /** The next state that a joiner is given is not taken. */
  'restore-throws',
  /** For a while a member lets nothing out: no marker, no piece, no message. */
  'no-pieces',
  /** For a while another process joins under the label of a member. */
  'same-label',
  /** Whoever may hold the state gives it to nobody, and dies, one after the other: the group goes on without it. */
  'lose-state',
  /** From about when the next processor is added, or from its own marker on, who is to provide it with the state hears nobody for a while, and nobody hears it. */
  'cut-off-provider',
] as const;

export type MemberFaultName = (typeof memberFaultNames)[number];
