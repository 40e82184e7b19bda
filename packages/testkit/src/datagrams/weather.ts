/** What befalls copies of datagrams between two hosts. Probabilities are 0 to 1, for each copy by itself; that of a loss for each packet of it. */
export type Weather = {
  /** The copy never arrives. */
  readonly loss?: number;
  /** It arrives twice, the second time with a delay of its own. */
  readonly duplicate?: number;
  /** It is late by up to `reorderMsMax` more, so that later ones overtake it. */
  readonly reorder?: number;
  /** Default 20. */
  readonly reorderMsMax?: number;
  /** It arrives with one flipped bit. */
  readonly corrupt?: number;
  /** It is late by this many milliseconds. */
  readonly delayMs?: number;
  /** The copies that are concerned; all when absent. Must not change or keep the bytes. */
  readonly only?: (bytes: Uint8Array, from: string, to: string) => boolean;
};

/** Weather that was imposed, until it is lifted. */
export type Spell = {
  /** Copies so far that it lost, doubled, changed or delayed. */
  readonly hits: number;
  /** Ends it; harmless when it has ended. */
  lift(): void;
};
