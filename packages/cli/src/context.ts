import type { Interruption } from './interruption.ts';
import type { BrokenOutput } from './output/broken-output.ts';
import type { Output } from './output/output.ts';

/** What a command has of its surroundings. */
export type Context = {
  readonly output: Output;
  readonly brokenOutput: BrokenOutput;
  readonly input: NodeJS.ReadStream;
  /** Where results go; for whoever draws on it. */
  readonly screen: NodeJS.WriteStream;
  readonly environment: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
};
