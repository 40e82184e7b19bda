/**
 * A log for what strangers can bring about: above debug, a few lines in a second and no more, so that
 * nobody fills a disk by knocking. What was left out is told with the next line.
 */
import type { Log } from './log.ts';

const linesMax = 10;
const spanMs = 1_000;

export function restrained(log: Log, now: () => number): Log {
  let began = Number.NEGATIVE_INFINITY;
  let lines = 0;
  let omitted = 0;
  const within = (level: 'info' | 'warn' | 'error'): Log['info'] => {
    return (fields, what) => {
      const time = now();
      if (time - began >= spanMs) {
        began = time;
        lines = 0;
      }
      lines += 1;
      if (lines > linesMax) {
        omitted += 1;
        return;
      }
      log[level](omitted === 0 ? fields : { ...fields, omitted }, what);
      omitted = 0;
    };
  };
  return {
    debug: (fields, what) => log.debug(fields, what),
    info: within('info'),
    warn: within('warn'),
    error: within('error'),
  };
}
