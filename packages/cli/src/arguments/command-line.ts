/** From words on the command line to a command and what was given to it. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { Given } from './given.ts';
import { nearest } from './nearest.ts';
import { help, type OptionTable } from './option.ts';
import { usage } from './values.ts';

export type CommandLine =
  | { readonly kind: 'command'; readonly command: Command; readonly given: Given }
  | { readonly kind: 'help'; readonly topic: string | undefined }
  | { readonly kind: 'version' };

const version: OptionTable = { version: { short: 'V', help: 'Shows the version.' } };

export function readCommandLine(
  args: readonly string[],
  commands: ReadonlyMap<string, Command>,
): CommandLine {
  const every = Object.assign({}, ...[...commands.values()].map(({ options }) => options));
  const first = parse(args, { ...every, ...help, ...version });
  const at = first.find((token) => token.kind === 'positional')?.index;
  const name = at === undefined ? undefined : args[at];
  if (name === undefined || at === undefined) return readBare(args, first);
  const command = commands.get(name);
  if (command === undefined) throw unknownCommand(name, commands);
  const options = { ...command.options, ...help };
  const rest = args.toSpliced(at, 1);
  const given = readGiven(command, parse(rest, options), options, commands);
  if (given.flag('help')) return { kind: 'help', topic: name };
  checkWords(command, given);
  return { kind: 'command', command, given };
}

type Token =
  | {
      readonly kind: 'option';
      readonly index: number;
      readonly name: string;
      readonly rawName: string;
      readonly value: string | undefined;
      readonly inlineValue: boolean | undefined;
    }
  | { readonly kind: 'positional'; readonly index: number; readonly value: string }
  | { readonly kind: 'option-terminator'; readonly index: number };

function parse(args: readonly string[], table: OptionTable): readonly Token[] {
  const options: ParseArgsOptionsConfig = {};
  for (const [name, { short, value }] of Object.entries(table)) {
    options[name] = {
      type: value === undefined ? 'boolean' : 'string',
      ...(short === undefined ? {} : { short }),
    };
  }
  const found = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return found.tokens;
}

function readBare(args: readonly string[], tokens: readonly Token[]): CommandLine {
  const given = new Set(tokens.map((token) => (token.kind === 'option' ? token.name : '')));
  if (given.has('version')) return { kind: 'version' };
  if (given.has('help')) return { kind: 'help', topic: undefined };
  const problem = args.length === 0 ? 'No command was given.' : `${args[0]}: which command?`;
  throw usage(problem, 'To see the commands: choir help');
}

function readGiven(
  command: Command,
  tokens: readonly Token[],
  table: OptionTable,
  commands: ReadonlyMap<string, Command>,
): Given {
  const words: string[] = [];
  let rest: string[] | undefined;
  const options = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') rest = [];
    else if (token.kind === 'positional') (rest ?? words).push(token.value);
    else {
      const option = Object.hasOwn(table, token.name) ? table[token.name] : undefined;
      if (option === undefined) throw unknownOption(token.rawName, command, table, commands);
      const values = options.get(token.name) ?? [];
      values.push(argumentOf(token, option.value));
      if (values.length > 1 && option.value !== undefined && option.repeatable !== true) {
        throw usage(`${token.rawName} was given twice.`);
      }
      options.set(token.name, values);
    }
  }
  if (rest === undefined || command.words.restIsApart === true) {
    return new Given(words, rest, options);
  }
  return new Given([...words, ...rest], undefined, options);
}

function argumentOf(token: Extract<Token, { kind: 'option' }>, wanted: string | undefined): string {
  const { rawName, value, inlineValue } = token;
  if (wanted === undefined) {
    if (value !== undefined) throw usage(`${rawName} takes no value.`);
    return '';
  }
  if (value === undefined) throw usage(`${rawName} needs a value: ${rawName} ${wanted}`);
  if (inlineValue !== true && value.startsWith('-') && value.length > 1) {
    throw usage(`${rawName} needs a value. If "${value}" is it: ${rawName}=${value}`);
  }
  return value;
}

function unknownCommand(name: string, commands: ReadonlyMap<string, Command>): Error {
  const near = nearest(name, commands.keys());
  const hint =
    near === undefined ? 'To see the commands: choir help' : `Did you mean: choir ${near}`;
  return usage(`There is no command ${JSON.stringify(name)}.`, hint);
}

function unknownOption(
  rawName: string,
  command: Command,
  table: OptionTable,
  commands: ReadonlyMap<string, Command>,
): Error {
  const problem = `choir ${command.name} has no option ${rawName}.`;
  const name = rawName.replace(/^-+/, '');
  const others = [...commands.values()].filter(({ options }) => Object.hasOwn(options, name));
  const near = nearest(name, Object.keys(table));
  if (near !== undefined) return usage(problem, `Did you mean: --${near}`);
  if (others.length > 0) {
    return usage(problem, `It is one of: ${others.map((each) => `choir ${each.name}`).join(', ')}`);
  }
  return usage(problem, `To see its options: choir help ${command.name}`);
}

function checkWords(command: Command, { words }: Given): void {
  const { names, max } = command.words;
  const missing = names[words.length];
  const synopsis = `Usage: choir ${command.name} ${command.synopsis}`;
  if (missing !== undefined) throw usage(`${missing} is missing.`, synopsis);
  const extra = words[max];
  if (extra !== undefined) {
    throw usage(`${JSON.stringify(extra)} is one word too many.`, synopsis);
  }
}
