import type { Told } from './verdict.ts';

/** An acknowledgement or a message, as `choir --json` prints it. */
export function readTold(json: Readonly<Record<string, unknown>>): Told {
  const { globalId, epoch, data } = { globalId: undefined, epoch: undefined, ...json } as {
    [name: string]: unknown;
  };
  if (Number.isSafeInteger(globalId) && Number.isSafeInteger(epoch) && typeof data === 'string') {
    return { globalId: Number(globalId), epoch: Number(epoch), data };
  }
  throw new Error(`not a message: ${JSON.stringify(json)}`);
}
