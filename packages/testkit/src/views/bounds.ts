/** What a run was like, and the figures that are promised for it: the world knows, the trace does not. */
export type Bounds = {
  /** Nothing happened that could make the living look dead: L6 is judged. Default false. */
  readonly calm?: boolean;
  /** The most that a process may hold of a group, L7. Default: not judged. */
  readonly bufferedMessagesMax?: number;
  readonly bufferedBytesMax?: number;
  /** The time after `quiet` at which nothing is held any more, L7. Default 1,000. */
  readonly drainMsMax?: number;
  /** Retransmissions for each lost copy of a reliable datagram, L8. Default: not judged. */
  readonly retransmissionsPerLossMax?: number;
  /** Retransmissions beyond that which a run may have: newcomers, reordering. Default 50. */
  readonly retransmissionsFree?: number;
  /** From a crash to the view without it at every survivor, L9. Default: figures only. */
  readonly detectionMsMax?: number;
  /** From `stable` to the last view, L10. Default: not judged. */
  readonly returnMsMax?: number;
};
