import type { Interruption } from './interruption.ts';
import type { Output } from './output/output.ts';

/** What a command has of its surroundings. */
export type Context = {
  readonly output: Output;
  readonly input: NodeJS.ReadStream;
  readonly environment: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
};
