/** Frames as text: messages as JSON objects, one per line. F1 of `frame.ts` holds here, too. */
import { utf8Length } from '@choir/bytes';
import { type Codec, fromJson, type Problem, Problems, toJson } from './codec/index.ts';
import {
  type Decoded,
  frameTooLarge,
  type Refusal,
  tooManyItems,
  tooManyMessages,
} from './frame.ts';
import { limits } from './limits.ts';

/** One message as a line, without the line end. */
export function encodeJsonMessage<T>(codec: Codec<T>, message: T): string {
  return JSON.stringify(toJson(codec, message));
}

/** A frame of messages that `encodeJsonMessage` made. */
export function joinJsonMessages(lines: readonly string[]): string {
  return lines.join('\n');
}

/**
 * `maxBytes` counts the frame in UTF-8. Empty lines mean nothing, but count as messages against the
 * limit.
 */
export function decodeJsonFrame<T>(codec: Codec<T>, frame: string, maxBytes: number): Decoded<T> {
  if (longerThan(frame, maxBytes)) return frameTooLarge(maxBytes);
  const lines = frame.split('\n', limits.frameMessages + 1);
  if (lines.length > limits.frameMessages) return tooManyMessages();
  const messages: T[] = [];
  let items = 0;
  for (const [index, line] of lines.entries()) {
    if (blank.test(line)) continue;
    const problems = new Problems();
    const json = parse(line, problems);
    if (!problems.failed) messages.push(fromJson(codec, json, problems));
    if (problems.first !== null) return refused(problems.first, index + 1);
    items += problems.counted;
    if (items > limits.frameItems) return tooManyItems();
  }
  return { ok: true, messages };
}

const blank = /^[ \t\r]*$/;

/** A text has at most three bytes for each of its UTF-16 units, so most need no counting. */
function longerThan(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return true;
  return text.length * 3 > maxBytes && utf8Length(text) > maxBytes;
}

function parse(line: string, problems: Problems): unknown {
  if (deeperThan(line, depthMax)) {
    problems.report('MALFORMED', `has more than ${depthMax} objects and lists inside each other`);
    return null;
  }
  try {
    return JSON.parse(line);
  } catch {
    // The parser's own words differ between engines and quote the input.
    problems.report('MALFORMED', 'is not JSON');
    return null;
  }
}

/** The deepest message of the table has seven levels; the rest is room for fields to be ignored. */
const depthMax = 32;

/** Lists in lists by the million take a parser seconds and half a gigabyte (measured). */
function deeperThan(json: string, max: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < json.length && depth <= max; i++) {
    const unit = json.charCodeAt(i);
    if (unit === QUOTE) inString = !inString;
    else if (inString) i += unit === BACKSLASH ? 1 : 0;
    else if (unit === OPEN_LIST || unit === OPEN_OBJECT) depth++;
    else if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) depth--;
  }
  return depth > max;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

function refused({ code, problem, path }: Problem, line: number): { ok: false; refusal: Refusal } {
  const what = path === '' ? 'the message' : path;
  return { ok: false, refusal: { code, message: `line ${line} of the frame: ${what} ${problem}` } };
}
