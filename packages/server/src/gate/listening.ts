/** Where a server may listen (docs/design/gate.md, A1 and A2). */
import { isLoopback } from '../http/access.ts';
import { ServeError } from '../serve-error.ts';

export type Exposure = {
  readonly host: string;
  /** Nobody comes in without a token. */
  readonly hasKeys: boolean;
  readonly hasTls: boolean;
  /** The operator vouches for what stands between the clients and this server. */
  readonly behindProxy: boolean;
};

/** Why the server would let in whom it should not, or show tokens to others; null when it would not. */
export function exposureProblem(exposure: Exposure): ServeError | null {
  const { host, hasKeys, hasTls, behindProxy } = exposure;
  if (behindProxy && !hasKeys) {
    return unguarded(
      'Behind a proxy, a server without keys would let in whoever reaches the proxy.',
      'Name the keys that tokens are verified with: --token-keys FILE (choir token make FILE).',
    );
  }
  if (isLoopback(host) || behindProxy) return null;
  if (!hasKeys) {
    return unguarded(
      `Without keys a server answers this machine only; ${host} can be reached from others.`,
      'Name keys (--token-keys FILE, with --tls-cert and --tls-key), or keep to this machine and ' +
        'come by ssh -L 7400:127.0.0.1:7400 HOST.',
    );
  }
  if (hasTls) return null;
  return unguarded(
    `Without TLS the tokens of clients could be read on the way to ${host}.`,
    'Name a certificate (--tls-cert FILE --tls-key FILE), or say --behind-proxy when a proxy ends TLS.',
  );
}

function unguarded(message: string, remedy: string): ServeError {
  return new ServeError({ code: 'UNGUARDED', message, remedy });
}
