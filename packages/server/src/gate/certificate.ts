/** The certificate of a server and its key: read at the start, and again when the files change. */
import { readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import { ServeError } from '../serve-error.ts';

export type TlsFiles = { readonly certificateFile: string; readonly keyFile: string };

export type Certificate = { readonly cert: string; readonly key: string };

/** How often it is looked whether the files have changed. */
const lookMs = 5_000;

/** Throws a `ServeError`. */
export function readCertificate({ certificateFile, keyFile }: TlsFiles): Certificate {
  try {
    const certificate = {
      cert: readFileSync(certificateFile, 'utf8'),
      key: readFileSync(keyFile, 'utf8'),
    };
    createSecureContext(certificate);
    return certificate;
  } catch (error) {
    const { message } = error as Error;
    throw new ServeError({
      code: 'CERTIFICATE',
      message: `The certificate ${certificateFile} cannot be used with its key: ${message}.`,
      remedy: 'Name a certificate (with its chain) and its private key, both as PEM.',
      cause: error,
    });
  }
}

/** Gives the server what the files hold from now on; returns what ends that. */
export function followCertificate(
  server: Server,
  files: TlsFiles,
  notice: (text: string) => void,
  everyMs: number = lookMs,
): () => void {
  let known = stateOf(files);
  const timer = setInterval(() => {
    const state = stateOf(files);
    if (state === known) return;
    known = state;
    try {
      server.setSecureContext(readCertificate(files));
      notice(`The certificate ${files.certificateFile} was read again.`);
    } catch (error) {
      if (!(error instanceof ServeError)) throw error;
      notice(`${error.message} The older one stays in use. ${error.remedy}`);
    }
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function stateOf({ certificateFile, keyFile }: TlsFiles): string {
  return [certificateFile, keyFile].map(markOf).join(' ');
}

function markOf(file: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return 'unreadable';
  }
}
