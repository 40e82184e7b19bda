/** One packet of a capture. */
export type Packet = {
  /** Milliseconds since 1970, with a fraction; null where the capture does not say. */
  readonly time: number | null;
  /** What `bytes` begin with: a LINKTYPE of the registry at tcpdump.org. */
  readonly linkType: number;
  readonly bytes: Buffer;
};

/** A packet is never longer; what claims to be is damage. */
export const packetBytesMax = 1024 * 1024;
