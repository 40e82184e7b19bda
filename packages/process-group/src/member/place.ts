/** A replica's place in a group: what it says goes out as what the application says does. */
import type { ProcessorId } from '@choir/ftmp';
import { checkBytes } from '../arguments.ts';
import type { Place } from '../blocks/block.ts';
import type { GroupCore } from '../core/index.ts';
import type { Say } from './outflow.ts';

/** The group that it is in, at present. */
export type Surroundings = {
  readonly self: ProcessorId;
  readonly channel: string;
  readonly isSafe: boolean;
  readonly say: (say: Say, signal?: AbortSignal) => Promise<void>;
  /** Null when nothing can be said: this process has no view, or the group is over for it. */
  readonly core: () => GroupCore | null;
  /** Something was said to the core. */
  readonly said: () => void;
  readonly awaiting: Place['awaiting'];
};

export function placeOf(surroundings: Surroundings): Place {
  const { self, channel, isSafe, say, core, said, awaiting } = surroundings;
  return {
    self,
    async say(bytes, signal, onSaid) {
      checkBytes(bytes);
      const saying = (to: GroupCore): void => {
        to.multicast(channel, bytes, isSafe);
        onSaid?.();
      };
      await say(saying, signal);
    },
    tell(bytes) {
      checkBytes(bytes);
      core()?.multicast(channel, bytes, isSafe);
      said();
    },
    awaiting,
  };
}
