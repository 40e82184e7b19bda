/** How the server is while something is wrong with one connection: whether others are served, and how fast. */

import { patience } from '../patience.ts';
import { RawClient } from '../websocket/raw-client.ts';

const answerWithinMs = 30_000;

export async function serverSigns(url: string): Promise<string> {
  const health = fetch(`${url.replace(/^ws/, 'http')}/health`)
    .then((response) => response.text())
    .catch((error: unknown) => String(error));
  let said = 'nothing';
  const asked = await patience(
    health.then((text) => {
      said = text.trim();
    }),
    answerWithinMs,
  );
  const attached = await patience(attach(url), answerWithinMs);
  const newcomer = attached.happened ? 'was welcomed' : 'was not welcomed';
  return `The server said ${said} after ${asked.ms} ms; a newcomer ${newcomer} after ${attached.ms} ms.`;
}

async function attach(url: string): Promise<void> {
  const client = await RawClient.attach(url, 'newcomer');
  client.close();
}
