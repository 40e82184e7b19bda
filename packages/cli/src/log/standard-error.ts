/**
 * Standard error for a log that must neither hold the server up nor grow it: whoever reads it may stall.
 * Lines wait in memory, up to a bound; beyond it they are dropped.
 */
import { pino } from 'pino';

const waitingBytesMax = 1024 * 1024;
const standardError = 2;

export type Sink = { write(text: string): void };

export function standardErrorSink(): Sink {
  const sink = pino.destination({ dest: standardError, sync: false, maxLength: waitingBytesMax });
  // Whoever read the log may have gone; that is no reason to end a server.
  sink.on('error', () => undefined);
  process.on('exit', () => {
    try {
      sink.flushSync();
    } catch {
      // Nobody reads the rest.
    }
  });
  return sink;
}
