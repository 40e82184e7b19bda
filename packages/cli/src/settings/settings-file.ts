/** Settings from a JSON file. What is not known or of another type is refused by its key (O2). */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { nearest } from '../arguments/nearest.ts';
import type { Option, OptionTable } from '../arguments/option.ts';
import { durationMs, usage } from '../arguments/values.ts';
import { settable } from './schema.ts';
import { allowed, kindOf, type ValueKind } from './value-kind.ts';

/** Values as they would be typed, by the name of the option; a flag that is off is not there. */
export type Layer = ReadonlyMap<string, readonly string[]>;

export function readSettingsFile(path: string, options: OptionTable): Layer {
  const content = parse(path, read(path));
  const table = settable(options);
  const layer = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(content)) {
    if (name === '$schema') continue;
    const option = Object.hasOwn(table, name) ? table[name] : undefined;
    if (option === undefined) throw unknownSetting(path, name, table);
    const values = valuesOf(path, name, value, option);
    if (values !== null) layer.set(name, values);
  }
  return layer;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw usage(`The settings file cannot be read: ${(error as Error).message}.`);
  }
}

function parse(path: string, text: string): object {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw usage(`${path} is not JSON: ${(error as Error).message.split('\n')[0]}.`);
  }
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content;
  throw usage(`${path} has to hold one JSON object.`, 'Example: {"port": 7500}');
}

function unknownSetting(path: string, name: string, table: OptionTable): Error {
  const near = nearest(name, Object.keys(table));
  const hint = `The settings are: ${Object.keys(table).join(', ')}`;
  const problem = `${path}: there is no setting ${JSON.stringify(name)}.`;
  return usage(problem, near === undefined ? hint : `Did you mean: "${near}"`);
}

function valuesOf(
  path: string,
  name: string,
  value: unknown,
  option: Option,
): readonly string[] | null {
  const kind = kindOf(option);
  if (kind.kind === 'flag' && typeof value === 'boolean') return value ? [''] : null;
  const list = option.repeatable === true ? value : [value];
  const one = option.repeatable === true ? `a list, each entry ${allowed(kind)}` : allowed(kind);
  const wrong = usage(`${path}: "${name}" is ${shown(value)}; it has to be ${one}.`);
  if (!Array.isArray(list)) throw wrong;
  return list.map((each) => {
    if (!fits(kind, each)) throw wrong;
    return kind.kind === 'path' ? resolve(dirname(path), String(each)) : String(each);
  });
}

function fits(kind: ValueKind, value: unknown): boolean {
  switch (kind.kind) {
    case 'flag':
      return false;
    case 'number':
      return (
        typeof value === 'number' &&
        Number.isInteger(value) &&
        value >= kind.min &&
        value <= kind.max
      );
    case 'choice':
      return typeof value === 'string' && kind.of.includes(value);
    case 'duration':
      return typeof value === 'string' && isDuration(value);
    case 'path':
    case 'text':
      return typeof value === 'string' && value !== '' && !value.includes('\0');
    default:
      return kind satisfies never;
  }
}

function isDuration(text: string): boolean {
  try {
    durationMs('', text);
    return true;
  } catch {
    return false;
  }
}

const shownMax = 60;

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
}
