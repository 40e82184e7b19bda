/** The options of `choir serve` about who may come in (docs/design/gate.md). */
import { originOf, type ServeOptions } from '@choir/server';
import type { Given } from '../arguments/given.ts';
import type { OptionTable } from '../arguments/option.ts';
import { usage } from '../arguments/values.ts';

export const gateOptions: OptionTable = {
  'token-keys': {
    value: 'FILE',
    help: 'Lets in only who has a token signed by one of these keys (see `choir help token`).',
  },
  'token-audience': {
    value: 'NAME',
    help: 'What tokens call this server ("aud"); then they have to.',
  },
  'tls-cert': {
    value: 'FILE',
    help: 'The certificate with its chain, as PEM; read again when it changes.',
  },
  'tls-key': { value: 'FILE', help: 'The key of the certificate, as PEM.' },
  'behind-proxy': {
    help: 'A proxy ends TLS and names the addresses of clients (X-Forwarded-For).',
  },
  origin: {
    value: 'ORIGIN',
    repeatable: true,
    help: 'A site, beside the own page, whose pages may connect: https://HOST.',
  },
};

type GateSettings = Pick<ServeOptions, 'tokens' | 'tls' | 'behindProxy' | 'origins'>;

export function gateSettings(given: Given): GateSettings {
  const keysFile = given.text('token-keys');
  const audience = given.text('token-audience');
  if (audience !== undefined && keysFile === undefined) {
    throw usage(`${given.place('token-audience')} means nothing without --token-keys.`);
  }
  if (given.list('admin').length > 0 && keysFile !== undefined) {
    throw usage(
      `${given.place('admin')} means nothing with --token-keys: tokens say who may do what.`,
      "Grant it: choir token --allow '*:*' …",
    );
  }
  const behindProxy = given.flag('behind-proxy');
  return {
    ...(keysFile === undefined ? {} : { tokens: { keysFile, audience: audience ?? null } }),
    ...tlsOf(given),
    behindProxy,
    origins: given.list('origin').map((text) => originGiven(given.place('origin'), text)),
  };
}

function tlsOf(given: Given): Pick<GateSettings, 'tls'> {
  const certificateFile = given.text('tls-cert');
  const keyFile = given.text('tls-key');
  if (certificateFile === undefined && keyFile === undefined) return {};
  if (certificateFile === undefined || keyFile === undefined) {
    throw usage('--tls-cert and --tls-key go together: the certificate and its key.');
  }
  return { tls: { certificateFile, keyFile } };
}

function originGiven(what: string, text: string): string {
  const origin = originOf(text);
  if (origin !== null) return origin;
  throw usage(
    `${what}: ${JSON.stringify(text)} is no origin as browsers write it.`,
    'Example: https://app.example.org, http://127.0.0.1:3000 (no path, no slash at the end)',
  );
}
