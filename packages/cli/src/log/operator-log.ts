/**
 * The log of a server on standard error: JSON lines, or lines for people. One event is one line,
 * whatever names it has in it, and nothing in it steers a terminal.
 */
import type { Log } from '@choir/server';
import { pino } from 'pino';
import { lineForPeople } from './line-for-people.ts';
import type { Sink } from './standard-error.ts';

export type LogFormat = 'json' | 'text';

/** What is never written, should it ever come to be a field. */
const hidden = ['token', 'secret', 'authorization', 'password'];

export function operatorLog(level: string, format: LogFormat, sink: Sink): Log {
  const write = (line: string): void => {
    sink.write(format === 'json' ? escaped(line) : `${lineForPeople(line)}\n`);
  };
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: hidden, censor: '[hidden]' },
  };
  const logger = pino(options, { write });
  return {
    debug: (fields, what) => logger.debug(fields, what),
    info: (fields, what) => logger.info(fields, what),
    warn: (fields, what) => logger.warn(fields, what),
    error: (fields, what) => logger.error(fields, what),
  };
}

/** What JSON leaves as it is and a terminal does not: all of it stands inside of strings. */
const unseen = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function escaped(line: string): string {
  return line.replace(unseen, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
