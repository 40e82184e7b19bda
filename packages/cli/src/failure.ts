import type { ExitCode } from './exit-code.ts';

/**
 * What ends a command before it is done, in words for the person who typed it. The first line says
 * what happened; the others why, and what to do.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: ExitCode;

  constructor(code: ExitCode, ...lines: readonly string[]) {
    super(lines.join('\n'));
    this.code = code;
  }
}
