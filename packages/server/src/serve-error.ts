/** Why a server does not start, for whoever is to do something about it. */
import type { JournalFailure, JournalFailureCode } from '@choir/journal';
import type { KeyFileError } from './gate/key-file-error.ts';
import type { Stopped } from './host/index.ts';

export type ServeErrorCode =
  | JournalFailureCode
  /** Another program listens on the port. */
  | 'PORT_IN_USE'
  /** The address is not one of this machine, or may not be listened on. */
  | 'ADDRESS'
  /** The keys that tokens are verified with cannot be used. */
  | 'KEYS'
  | 'CERTIFICATE'
  /** It would let in whom it should not, or show tokens to others. */
  | 'UNGUARDED'
  /** The log cannot be replayed by this version. */
  | 'LOG';

export class ServeError extends Error {
  override readonly name = 'ServeError';
  readonly code: ServeErrorCode;
  /** What to do about it, as a sentence. */
  readonly remedy: string;
  /** The first position of the log concerned, where there is one. */
  readonly seq: number | null;

  constructor(what: {
    readonly code: ServeErrorCode;
    readonly message: string;
    readonly remedy: string;
    readonly seq?: number | undefined;
    readonly cause?: unknown;
  }) {
    super(what.message, { cause: what.cause });
    this.code = what.code;
    this.remedy = what.remedy;
    this.seq = what.seq ?? null;
  }
}

const remedies: Readonly<Record<JournalFailureCode, string>> = {
  DISK_FULL: 'Make room on the disk, then start again.',
  DISK_ERROR: 'Check the disk and the permissions of the data directory, then start again.',
  DAMAGED: 'Keep the directory as it is; restore a copy, or export what precedes the damage.',
  FORMAT: 'Start the newer version of Choir that wrote it.',
  IN_USE: 'End the other server, or choose another data directory.',
  THREAD_ENDED: 'Start again, and report this as a bug unless memory ran out.',
  CLOSED: 'Start again.',
};

export function journalError({ code, message, seq }: JournalFailure): ServeError {
  return new ServeError({ code, message, remedy: remedies[code], seq });
}

export function keysError({ message, remedy, cause }: KeyFileError): ServeError {
  return new ServeError({ code: 'KEYS', message, remedy, cause });
}

export function listenError(error: NodeJS.ErrnoException, host: string, port: number): ServeError {
  const cause = error;
  switch (error.code) {
    case 'EADDRINUSE':
      return new ServeError({
        code: 'PORT_IN_USE',
        message: `Port ${port} of ${host} is in use.`,
        remedy: 'End the program that listens there, or choose another port (0 takes a free one).',
        cause,
      });
    case 'EACCES':
      return new ServeError({
        code: 'ADDRESS',
        message: `Listening on port ${port} of ${host} is not permitted.`,
        remedy: 'Choose a port from 1024 on.',
        cause,
      });
    default:
      return new ServeError({
        code: 'ADDRESS',
        message: `Listening on ${host}:${port} failed: ${error.message}.`,
        remedy: 'Choose an address of this machine, such as 127.0.0.1.',
        cause,
      });
  }
}

/** The host ended before it was ready. */
export function endedEarly({ message, failure }: Stopped): ServeError {
  if (failure !== null) return journalError({ code: failure, message });
  const remedy = 'Start the version of Choir that wrote the log, or restore a copy of it.';
  return new ServeError({ code: 'LOG', message, remedy });
}
