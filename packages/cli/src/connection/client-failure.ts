/** What a server or the client package refused, as a failure for the person who typed the command. */
import { ChoirError } from '@choir/client';
import { Failure } from '../failure.ts';
import type { Identity } from '../identity/identity.ts';
import { printable } from '../output/printable.ts';

export function clientFailure(error: unknown, identity: Identity | undefined): unknown {
  if (!(error instanceof ChoirError)) return error;
  const { code, message } = error;
  const id = identity?.id ?? 'this client';
  const place = identity === undefined ? '' : ` (${identity.folder})`;
  switch (code) {
    case 'WRONG_SECRET':
      return new Failure(
        'identity_refused',
        `WRONG_SECRET: the server knows ${id} as another client; the secret here is not its own.`,
        `Choose another --id, or copy the identity${place} from where it was first used.`,
      );
    case 'EXPIRED':
      return new Failure(
        'identity_refused',
        `EXPIRED: ${id} was away for too long, and the server has retired it.`,
        `Delete what is kept of it${place} and choose another --id.`,
      );
    case 'SUPERSEDED':
      return new Failure(
        'identity_refused',
        `SUPERSEDED: another process took over as ${id}.`,
        `It has a copy of the identity${place}; one process at a time uses an identity.`,
      );
    case 'CREDENTIALS_EXPIRED':
    case 'UNAUTHORIZED': {
      const [why] = printable(message).split(/(?<=\.) /, 1);
      return new Failure(
        'unauthorized',
        `${code}: ${why}`,
        'Show one with --token-file FILE or CHOIR_TOKEN. Who runs the server issues them: choir help token',
      );
    }
    default:
      return new Failure('refused', `${code}: ${printable(message)}`);
  }
}
