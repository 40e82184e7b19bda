/** Whether the port that a server would take is free, and if not, who answers there. */
import { once } from 'node:events';
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { createServer, type Server } from 'node:net';
import { type Finding, fail, ok } from './finding.ts';

const answerMs = 2_000;
const answerCharactersMax = 10_000;

export type PortFound = { readonly finding: Finding; readonly isChoir: boolean };

export async function checkPort(host: string, port: number, secure: boolean): Promise<PortFound> {
  if (port === 0) return free('Any free one is taken.');
  const problem = await listenProblem(host, port);
  if (problem === null) return free(`${port} of ${host} is free.`);
  if (problem !== 'EADDRINUSE') {
    const found = `${host}:${port} cannot be listened on: ${problem}.`;
    return wrong(found, 'Choose another --host or --port.');
  }
  const health = await healthAt(`${secure ? 'https' : 'http'}://${hostInUrl(host)}:${port}/health`);
  if (health === null) {
    const found = `${port} of ${host} is taken by another program.`;
    return wrong(found, 'End that program, or choose another --port.');
  }
  const state = health.writable ? 'takes messages' : `takes none: ${health.why}`;
  return {
    finding: ok('port', `${port} of ${host}: a Choir server answers and ${state}.`),
    isChoir: true,
  };
}

function free(found: string): PortFound {
  return { finding: ok('port', found), isChoir: false };
}

function wrong(found: string, remedy: string): PortFound {
  return { finding: fail('port', found, remedy), isChoir: false };
}

export function hostInUrl(host: string): string {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return reached.includes(':') ? `[${reached}]` : reached;
}

async function listenProblem(host: string, port: number): Promise<string | null> {
  const probe: Server = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    probe.close();
  }
}

type Health = { readonly writable: boolean; readonly why: string };

/** Null when what answers is not a server of ours. */
async function healthAt(url: string): Promise<Health | null> {
  try {
    const { writable, why } = Object(JSON.parse(await textAt(url))) as Partial<Health>;
    return typeof writable === 'boolean' && typeof why === 'string' ? { writable, why } : null;
  } catch {
    return null;
  }
}

/** The certificate is for the name that clients use, not for this address: it is judged elsewhere. */
function textAt(url: string): Promise<string> {
  const isSecure = url.startsWith('https:');
  const options = { signal: AbortSignal.timeout(answerMs), rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    const request = (isSecure ? getSecure : getPlain)(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > answerCharactersMax) response.destroy();
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}
