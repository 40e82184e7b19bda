/** Faults of processes; those of the network are the test kit's. */

/** Those that strike while a configuration is being agreed upon, if one is soon. */
export const recoveryFaultNames = [
  /** One dies, and then another. */
  'kill-in-recovery',
  /** One dies, and another leaves in order. */
  'leave-in-recovery',
  /** One dies, and another does not hear anybody for a while, though it is heard. */
  'deaf-in-recovery',
] as const;

export type RecoveryFaultName = (typeof recoveryFaultNames)[number];

export const processorFaultNames = [
  /** It ends without a word, and comes back as a new incarnation. */
  'kill',
  /** It stands still: shorter, or longer, than the others have patience. */
  'pause',
  /** It leaves in order, and comes back as a new incarnation. */
  'leave',
  /** For a while a second process says that it is the same processor, as a new incarnation. */
  'same-number',
  /** Its application does not take its deliveries for a while. */
  'stalled-application',
  ...recoveryFaultNames,
] as const;

export type ProcessorFaultName = (typeof processorFaultNames)[number];
