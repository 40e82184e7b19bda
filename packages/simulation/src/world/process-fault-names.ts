/** The faults of processes and clocks, beside those of networks and disks. One sentence each. */
export const processFaultNames = [
  /** The server is killed: its operating system closes its connections, its page cache survives. */
  'kill-server',
  /** The machine of the server loses its power: nobody is told, and what was not synced is gone. */
  'power-loss',
  /** The server stands still for a while (SIGSTOP). */
  'pause-server',
  /** The server does not accept connections for a while. */
  'refuse',
  /** Bits of a stored entry flip, the server is killed, and somebody repairs the disk later. */
  'damage',
  /** The wall clock of the server is set, forward or back, by up to days. */
  'server-clock',
  /** The same, of a client. */
  'client-clock',
  /** A client is killed and started again; its outbox was stored. */
  'kill-client',
  /** A client is killed and its outbox with it: who comes back is somebody else. */
  'lose-client',
  /** A client closes in order and is started again later. */
  'close-client',
  /** A client stands still for a while. */
  'pause-client',
  /** A client takes nothing from its socket for a while. */
  'stalled-reader',
  /** A client cannot reach the server for a while, and its user works on. */
  'offline',
  /** A second process takes up the identity and the outbox of a client that still runs. */
  'second-session',
] as const;

export type ProcessFaultName = (typeof processFaultNames)[number];
