/** Checks of what a caller gives: JavaScript gives anything. Each names the cause and the remedy (`group-option`). */
import { utf8Length } from '@choir/bytes';
import { payloadBytesMax } from './core/index.ts';
import { GroupError } from './group-error.ts';

/** @throws GroupError `group-option` */
export type Check = (value: unknown) => void;

export function optionError(text: string, cause?: unknown): GroupError {
  return new GroupError('group-option', text, cause === undefined ? {} : { cause });
}

const shownCharactersMax = 64;

/** A value as an error shows it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, shownCharactersMax));
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'symbol') return 'a symbol';
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? 'an array' : 'an object';
}

/** @throws GroupError `group-option` when it is no string, is empty, too long, or has half a surrogate pair */
export function checkText(what: string, text: unknown, bytesMax: number): string {
  const isText = typeof text === 'string' && text !== '' && text.isWellFormed();
  if (isText && utf8Length(text) <= bytesMax) return text;
  const problem = textProblem(text);
  throw optionError(`${what} is a string of 1 to ${bytesMax} bytes of UTF-8, ${problem}`);
}

function textProblem(text: unknown): string {
  if (typeof text !== 'string') return `not ${shown(text)}: give one.`;
  if (text === '') return 'and this one is empty: choose a longer one.';
  if (!text.isWellFormed()) return 'and this one has half a surrogate pair: leave that out.';
  return `and this one has ${utf8Length(text)}: choose a shorter one.`;
}

/** @throws GroupError `group-option` when they are too many, or no bytes */
export function checkBytes(bytes: unknown): Uint8Array {
  if (!(bytes instanceof Uint8Array)) {
    throw optionError(
      `A message is a Uint8Array, not ${shown(bytes)}: make one of it, of text by new TextEncoder().encode(text).`,
    );
  }
  if (bytes.length <= payloadBytesMax) return bytes;
  throw optionError(
    `A message has at most ${payloadBytesMax} bytes, not ${bytes.length}: say it in parts.`,
  );
}

const timeoutMaxMs = 2 ** 31 - 1;

/** @throws GroupError `group-option` when it is no time-out that can be kept */
export function checkTimeout(timeoutMs: unknown): number {
  if (typeof timeoutMs === 'number' && timeoutMs >= 1 && timeoutMs <= timeoutMaxMs)
    return timeoutMs;
  throw optionError(
    `timeoutMs says how long to wait, 1 … ${timeoutMaxMs} ms, not ${shown(timeoutMs)}: give a number in between (the last one is 24 days), or leave it out.`,
  );
}

export function checkFlag(name: string): Check {
  return (value) => {
    if (typeof value === 'boolean') return;
    throw optionError(`${name} is true or false, not ${shown(value)}: give one of them.`);
  };
}

export function checkFunction(name: string): Check {
  return (value) => {
    if (typeof value === 'function') return;
    throw optionError(`${name} is a function, not ${shown(value)}: give one, or leave it out.`);
  };
}

/** One of a few words. */
export function checkWord(name: string, words: readonly unknown[]): Check {
  return (value) => {
    if (words.includes(value)) return;
    const list = words.map(shown).join(', ');
    throw optionError(`${name} is one of ${list}, not ${shown(value)}: choose one of them.`);
  };
}

export function checkSignal(signal: unknown): void {
  if (signal instanceof AbortSignal) return;
  throw optionError(
    `signal is an AbortSignal, not ${shown(signal)}: give that of an AbortController, or AbortSignal.timeout(ms).`,
  );
}

/** What is checked of each option that is given, by its name. */
export type OptionChecks<Options> = Readonly<Record<keyof Options, Check>>;

/**
 * @param call what the options are for
 * @returns checks them: an option that is not known is refused, since it was meant to do something
 */
export function optionsCheck<Options extends object>(
  call: string,
  checks: OptionChecks<Options>,
): Check {
  const known = new Map<string, Check>(Object.entries<Check>(checks));
  return (options) => {
    if (!isRecord(options)) {
      throw optionError(
        `The options of ${call} are an object, not ${shown(options)}: write { name: value }.`,
      );
    }
    // It is done for every message: nothing is copied.
    for (const name in options) {
      const value = options[name];
      const check = known.get(name);
      if (check === undefined) throw unknownError(call, name, [...known.keys()]);
      if (value !== undefined) check(value);
    }
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function unknownError(call: string, name: string, known: readonly string[]): GroupError {
  return optionError(
    `${call} has no option ${shown(name)}: it has ${known.join(', ')}. Correct the name, or leave it out.`,
  );
}
