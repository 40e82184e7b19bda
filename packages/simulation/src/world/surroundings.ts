/** What all processes of a world share. */
import type { Network, Random, Scheduler } from '@choir/testkit';
import type { Recorder } from '../record/recorder.ts';
import type { Frame } from './frame.ts';
import type { Issuer } from './issuer.ts';

export type Surroundings = {
  readonly scheduler: Scheduler;
  readonly network: Network<Frame>;
  readonly random: Random;
  readonly recorder: Recorder;
  /** Null where the server asks for no tokens. */
  readonly issuer: Issuer | null;
  /** Kinds of messages and codes that were seen: what a seed has exercised. */
  readonly seen: Set<string>;
};
