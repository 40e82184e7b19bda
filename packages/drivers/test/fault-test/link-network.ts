// What the processes of a fault test talk through, and what can be done to it.
import type { ChildProcess, StdioOptions } from 'node:child_process';
import type { NetworkOptions } from '../../src/index.ts';

export const stdio: StdioOptions = ['ignore', 'inherit', 'inherit', 'ipc'];

export interface LinkNetwork {
  readonly about: string;
  /** A process for this processor, and what its host is opened with. */
  place(
    processor: number,
    program: string,
  ): Promise<{ readonly child: ChildProcess; readonly network: NetworkOptions }>;
  /** From now on this share of all datagrams is lost, 0 to 100 percent. */
  lose(percent: number): void;
  /** From now on nothing gets from the first to the others. */
  cutOneWay(from: readonly number[], to: readonly number[]): void;
  /** Neither loss nor cuts. */
  heal(): void;
  /** @returns what is left on the machine */
  remove(): Promise<readonly string[]>;
}
