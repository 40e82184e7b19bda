/** Standard output that takes no more: its reader has gone, or the disk is full. */
import { exitNumber } from '../exit-code.ts';
import { Failure } from '../failure.ts';

/** Null: whoever read it has seen enough (`choir log | head`), which is no failure. */
export type OutputFailure = Failure | null;

export class BrokenOutput {
  #isBroken = false;
  #act: (failure: OutputFailure) => void = end;

  constructor(out: NodeJS.WriteStream) {
    // Each write that fails says so; the first one counts.
    out.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#isBroken) return;
      this.#isBroken = true;
      this.#act(outputFailure(error));
    });
  }

  /** From now on the process does not end at once: this is called instead, which sees to an orderly end. */
  instead(act: (failure: OutputFailure) => void): void {
    this.#act = act;
  }
}

function outputFailure({ code, message }: NodeJS.ErrnoException): OutputFailure {
  if (code === 'EPIPE') return null;
  const remedy = code === 'ENOSPC' ? 'Free space, or write it elsewhere.' : 'Write it elsewhere.';
  return new Failure('failed', `Standard output cannot be written: ${message}.`, remedy);
}

function end(failure: OutputFailure): void {
  if (failure === null) process.exit(exitNumber('done'));
  tell(failure);
  process.exit(exitNumber(failure.code));
}

/** What a failure says, on standard error. */
export function tell({ message }: Failure): void {
  const [first = '', ...more] = message.split('\n');
  if (first === '') return;
  console.error([`choir: ${first}`, ...more.map((line) => `  ${line}`)].join('\n'));
}
