/** What all processes of a world share. */
import type { Network, Random, Scheduler } from '@choir/testkit';
import type { Recorder } from '../record/recorder.ts';
import type { Frame } from './frame.ts';

export type Surroundings = {
  readonly scheduler: Scheduler;
  readonly network: Network<Frame>;
  readonly random: Random;
  readonly recorder: Recorder;
  /** Kinds of messages and codes that were seen: what a seed has exercised. */
  readonly seen: Set<string>;
};
