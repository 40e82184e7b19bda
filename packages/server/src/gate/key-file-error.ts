/** A file with keys cannot be used. The message is a sentence, `remedy` another. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
  readonly remedy: string;

  constructor(message: string, remedy: string, cause?: unknown) {
    super(message, { cause });
    this.remedy = remedy;
  }
}
