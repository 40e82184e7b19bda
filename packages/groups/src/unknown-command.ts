/** An entry of the log is no command that this version knows: a later one wrote it. */
export class UnknownCommandError extends Error {
  override readonly name = 'UnknownCommandError';

  readonly seq: number;

  constructor(seq: number) {
    super(`Entry ${seq} of the log is not a command of this version.`);
    this.seq = seq;
  }
}
