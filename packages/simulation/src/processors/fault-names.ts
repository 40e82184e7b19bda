/** Faults of processes; those of the network are the test kit's. */
export const processorFaultNames = [
  /** It ends without a word, and comes back as a new incarnation. */
  'kill',
  /** The same, while a configuration is being agreed upon, if one is soon. */
  'kill-in-recovery',
  /** It stands still: shorter, or longer, than the others have patience. */
  'pause',
  /** It leaves in order, and comes back as a new incarnation. */
  'leave',
  /** For a while a second process says that it is the same processor, as a new incarnation. */
  'same-number',
  /** Its application does not take its deliveries for a while. */
  'stalled-application',
] as const;

export type ProcessorFaultName = (typeof processorFaultNames)[number];
