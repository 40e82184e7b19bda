/**
 * Standard error for a log that must not hold the server up: whoever reads it may stall, and a write to
 * a full pipe waits. Lines wait in memory, up to a bound; beyond it they are dropped.
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
