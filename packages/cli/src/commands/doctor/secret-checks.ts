/** The files that a server is told to use: certificate, private key, keys of tokens. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { type Finding, fail, ok, warn } from './finding.ts';

export type SecretFiles = {
  readonly certificate: string | undefined;
  readonly privateKey: string | undefined;
  readonly tokenKeys: string | undefined;
};

const dayMs = 86_400_000;
const renewDays = 14;

export async function checkSecrets(files: SecretFiles, now: number): Promise<readonly Finding[]> {
  const { certificate, privateKey, tokenKeys } = files;
  const findings: Finding[] = [];
  if (certificate !== undefined || privateKey !== undefined) {
    findings.push(checkCertificate(certificate, privateKey, now));
  }
  if (privateKey !== undefined) findings.push(checkAccess('tls key', privateKey));
  if (tokenKeys === undefined) return findings;
  const access = checkAccess('token keys', tokenKeys);
  return [...findings, access.status === 'fail' ? access : await checkKeys(tokenKeys, access)];
}

function checkCertificate(
  path: string | undefined,
  keyPath: string | undefined,
  now: number,
): Finding {
  if (path === undefined || keyPath === undefined) {
    const which =
      path === undefined ? '--tls-key without --tls-cert' : '--tls-cert without --tls-key';
    return fail('tls', `${which}.`, 'Give both or neither.');
  }
  let certificate: X509Certificate;
  let key: KeyObject;
  try {
    certificate = new X509Certificate(readFileSync(path));
    key = createPrivateKey(readFileSync(keyPath));
  } catch (error) {
    const problem = `The certificate or its key cannot be read: ${(error as Error).message}.`;
    return fail('tls', problem, 'Both have to be PEM files that this user may read.');
  }
  if (!certificate.checkPrivateKey(key)) {
    return fail(
      'tls',
      `${keyPath} is not the key of ${path}.`,
      'Name the two that belong together.',
    );
  }
  const until = certificate.validToDate;
  if (now < certificate.validFromDate.getTime()) {
    return fail('tls', `${path} is not valid yet.`, 'Check the clock, and the certificate.');
  }
  if (now > until.getTime()) {
    return fail('tls', `${path} ended on ${until.toISOString()}.`, 'Renew it; it is read again.');
  }
  const days = Math.floor((until.getTime() - now) / dayMs);
  if (days < renewDays) {
    return warn('tls', `${path} ends in ${days} days.`, 'Renew it; the server reads it again.');
  }
  return ok('tls', `${path}, valid for ${days} more days`);
}

/** It can be read here, and not by others. */
function checkAccess(check: string, path: string): Finding {
  try {
    readFileSync(path);
    const { mode } = statSync(path);
    if ((mode & 0o004) === 0) return ok(check, path);
    return warn(check, `${path} can be read by every user.`, `chmod o= ${path}`);
  } catch (error) {
    const remedy = 'Name the right file, and let the user of the server read it.';
    return fail(check, `${(error as Error).message}.`, remedy);
  }
}

async function checkKeys(path: string, access: Finding): Promise<Finding> {
  try {
    const { TokenVerifier } = await import('@choir/server/tokens');
    await TokenVerifier.open({ keysFile: path, audience: null }, () => undefined);
    return access;
  } catch (error) {
    const { message, remedy = '' } = error as Error & { readonly remedy?: string };
    return fail('token keys', message, remedy);
  }
}
