export type TokenSettings = {
  readonly keysFile: string;
  /** Whom a token has to be for; null: for nobody in particular. */
  readonly audience: string | null;
};
