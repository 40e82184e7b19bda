import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import type { Given } from './given.ts';
import type { OptionTable } from './option.ts';

export type Command = {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows `choir NAME`, as in `GROUP [TEXT…]`. */
  readonly synopsis: string;
  readonly options: OptionTable;
  /** Shown by `choir help NAME`: examples first, then what is not obvious from them. */
  readonly examples: readonly Example[];
  readonly notes: readonly string[];
  readonly words: WordCount;
  /** The exit code by its name, or as a number when it is that of another command. */
  readonly run: (given: Given, context: Context) => Promise<ExitCode | number>;
};

export type Example = readonly [command: string, what: string];

/** How many words the command takes, and what the first ones are called. */
export type WordCount = {
  readonly names: readonly string[];
  readonly max: number;
  /** What stands after `--` is none of them: a command to run, or a text. Otherwise `--` ends the options, and words follow. */
  readonly restIsApart?: true;
};
