/**
 * The settings of a server, from wherever they come: the command line goes before the environment, that
 * before the file, that before the default.
 */
import { resolve } from 'node:path';
import { Given } from '../arguments/given.ts';
import { nearest } from '../arguments/nearest.ts';
import type { Option, OptionTable } from '../arguments/option.ts';
import { usage } from '../arguments/values.ts';
import { settable } from './schema.ts';
import { type Layer, readSettingsFile } from './settings-file.ts';
import { allowed, kindOf, typedValue } from './value-kind.ts';

const environmentPrefix = 'CHOIR_SERVE_';

export type Source = 'command_line' | 'environment' | 'file' | 'default';

export type Setting = {
  readonly name: string;
  /** As JSON has it; null when there is none. */
  readonly value: unknown;
  readonly from: Source;
  /** The variable or the file that it is from, or the option. */
  readonly where: string | undefined;
};

export type Settings = {
  /** What was given, by whatever way; each value is called in messages what its source calls it. */
  readonly given: Given;
  readonly list: readonly Setting[];
};

type Sourced = {
  readonly from: Source;
  readonly where: string;
  readonly values: readonly string[];
};

/** `defaults`: what holds when nothing is given, where that depends on the surroundings. */
export function settingsOf(
  options: OptionTable,
  typed: Given,
  environment: NodeJS.ProcessEnv,
  defaults: Readonly<Record<string, () => string>>,
): Settings {
  const ofEnvironment = fromEnvironment(options, environment);
  const file = typed.text('config') ?? ofEnvironment.get('config')?.[0];
  const ofFile = file === undefined ? new Map() : readSettingsFile(resolve(file), options);
  const found = new Map<string, Sourced>();
  for (const name of Object.keys(options)) {
    const sourced =
      sourcedBy('command_line', `--${name}`, name, typed.layer) ??
      sourcedBy('environment', variable(name), name, ofEnvironment) ??
      sourcedBy('file', `"${name}" in ${file}`, name, ofFile);
    if (sourced !== null && !isOff(sourced)) found.set(name, sourced);
  }
  const values = new Map([...found].map(([name, each]) => [name, each.values]));
  const places = new Map([...found].map(([name, { where }]) => [name, where]));
  const given = new Given(typed.words, typed.rest, values, places);
  const list = Object.entries(settable(options)).map(([name, option]) =>
    settingOf(name, option, found.get(name), defaults[name] ?? (() => option.default)),
  );
  return { given, list };
}

/** A flag that is switched off, which hides one that a later source switches on. */
const off = ['false'];

function isOff({ from, values }: Sourced): boolean {
  return from === 'environment' && values === off;
}

function sourcedBy(from: Source, where: string, name: string, layer: Layer): Sourced | null {
  const values = layer.get(name);
  return values === undefined ? null : { from, where, values };
}

function variable(name: string): string {
  return environmentPrefix + name.replaceAll('-', '_').toUpperCase();
}

function fromEnvironment(options: OptionTable, environment: NodeJS.ProcessEnv): Layer {
  const names = Object.keys(options).filter(
    (name) => name === 'config' || !options[name]?.ofOneRun,
  );
  const byVariable = new Map(names.map((name) => [variable(name), name]));
  const layer = new Map<string, readonly string[]>();
  for (const [key, text] of Object.entries(environment)) {
    if (!key.startsWith(environmentPrefix) || text === undefined || text === '') continue;
    const name = byVariable.get(key);
    const option = name === undefined ? undefined : options[name];
    if (name === undefined || option === undefined) {
      const near = nearest(key, byVariable.keys());
      const hint = near === undefined ? [] : [`Did you mean: ${near}`];
      throw usage(`The environment variable ${key} is no setting.`, ...hint);
    }
    layer.set(name, variableValues(key, text, option));
  }
  return layer;
}

/** A list has spaces or commas between its entries. */
function variableValues(key: string, text: string, option: Option): readonly string[] {
  const kind = kindOf(option);
  if (kind.kind === 'flag') {
    if (/^(true|1)$/.test(text)) return [''];
    if (/^(false|0)$/.test(text)) return off;
    throw usage(`${key}: "${text}" has to be ${allowed(kind)}.`);
  }
  return option.repeatable === true ? text.split(/[\s,]+/).filter(Boolean) : [text];
}

function settingOf(
  name: string,
  option: Option,
  sourced: Sourced | undefined,
  byDefault: () => string | undefined,
): Setting {
  const kind = kindOf(option);
  if (sourced === undefined) {
    const usual = byDefault();
    const value = usual === undefined ? null : typedValue(name, kind, usual);
    const nothing = kind.kind === 'flag' ? false : option.repeatable === true ? [] : null;
    return { name, value: value ?? nothing, from: 'default', where: undefined };
  }
  const { from, where, values } = sourced;
  const all = values.map((text) => {
    const value = typedValue(where, kind, text);
    return kind.kind === 'path' ? resolve(String(value)) : value;
  });
  return { name, value: option.repeatable === true ? all : all.at(-1), from, where };
}
