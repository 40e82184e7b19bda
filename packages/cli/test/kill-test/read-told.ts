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

/** All that a `choir --json` printed. A last line that was cut by its end told nobody anything. */
export function toldBy(stdout: string): readonly Told[] {
  const lines = stdout.split('\n').filter((line) => line.endsWith('}'));
  return lines.map((line) => readTold(JSON.parse(line)));
}
