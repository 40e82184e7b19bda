/** `choir ftmp decode`: a capture, or what comes, as lines that can be read. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Given } from '../../arguments/given.ts';
import { usage } from '../../arguments/values.ts';
import { CaptureError } from '../../capture/capture-error.ts';
import { datagramsOf, noRemainder } from '../../capture/datagrams.ts';
import { packetsOf } from '../../capture/packets.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { Failure } from '../../failure.ts';
import { DatagramReader } from '../../ftmp/reading.ts';
import { Telling } from '../../ftmp/telling.ts';
import { clusterKeys } from '../cluster-keys.ts';
import { checkInput } from '../readable-input.ts';
import { checkOpened } from './keys-used.ts';
import { listen } from './listen.ts';

export async function decode(
  words: readonly string[],
  given: Given,
  context: Context,
): Promise<ExitCode> {
  const place = given.text('listen');
  const [file] = words;
  if (place !== undefined) {
    if (file !== undefined) throw usage('A FILE and --listen: which of the two?');
    return listen(place, given, await readerFor(given), context);
  }
  for (const option of ['multicast', 'interface']) {
    if (given.flag(option)) throw usage(`--${option} is of use with --listen only.`);
  }
  return readCapture(
    file,
    new Telling(context.output, await readerFor(given), given.flag('all')),
    context,
  );
}

/** A fresh key opens nothing. */
const readersRemedy = [
  'Give the keys of the members whose datagrams these are: no others open them.',
];

async function readerFor(given: Given): Promise<DatagramReader> {
  const file = given.text('key');
  return new DatagramReader(file === undefined ? [] : await clusterKeys(file, readersRemedy));
}

async function readCapture(
  file: string | undefined,
  telling: Telling,
  { input, output, interruption }: Context,
): Promise<ExitCode> {
  if (file === undefined && input.isTTY) {
    throw usage(
      'FILE is missing.',
      'Usage: choir ftmp decode FILE, or tcpdump -w - udp | choir ftmp decode',
    );
  }
  const isInput = file === undefined || file === '-';
  if (isInput) checkInput(input);
  const stream = isInput ? input : createReadStream(file);
  const name = isInput ? 'standard input' : file;
  const remainder = noRemainder();
  const stop = () => stream.destroy();
  interruption.signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const datagram of datagramsOf(packetsOf(stream), remainder)) {
      telling.tell(datagram);
      if (output.stalled) await Promise.race([output.drained(), interruption.came]);
      if (interruption.signal.aborted) throw interruption.failure();
    }
  } catch (error) {
    if (interruption.signal.aborted) throw interruption.failure();
    if (error instanceof CaptureError && error.code !== 'NOT_A_CAPTURE') {
      const { unopened } = telling;
      output.note(telling.summary(remainder), ...(unopened === null ? [] : [unopened]));
    }
    throw captureFailure(error, name, stream);
  }
  output.note(telling.summary(remainder));
  checkOpened(telling);
  return 'done';
}

const remedies = {
  NOT_A_CAPTURE: 'It has to be a capture of tcpdump or Wireshark: tcpdump -w FILE udp',
  CUT_OFF: 'What was whole is shown. A capture that is still being written ends like this.',
  DAMAGED: 'What precedes the damage is shown.',
} as const;

function captureFailure(error: unknown, name: string, stream: Readable): unknown {
  stream.destroy();
  if (error instanceof CaptureError) {
    const { code, message } = error;
    return new Failure('capture', `${name}: ${message} (${code}).`, remedies[code]);
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EISDIR') return usage(`${name} is a directory.`, remedies.NOT_A_CAPTURE);
  return code === 'ENOENT' || code === 'EACCES' ? usage(`${message}.`) : error;
}
