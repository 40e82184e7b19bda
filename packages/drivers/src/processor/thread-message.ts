/** What the application's thread and that of the processor tell each other. */
import type { GroupId, ProcessorId, Settings, View } from '@choir/ftmp';
import type { DriverErrorCode } from '../driver-error.ts';
import type { ClusterKey } from '../keys.ts';
import type { LineMemory } from '../line/line.ts';
import type { Parcel } from '../line/parcel.ts';
import type { NetworkOptions } from '../udp/network.ts';
import type { Statistics } from './statistics.ts';

/** What the thread is started with. */
export type ThreadOptions = {
  readonly network: NetworkOptions;
  /** Null: datagrams are not protected. */
  readonly keys: readonly ClusterKey[] | null;
  readonly settings: Settings;
  readonly processorNumber: number;
  readonly rejoin: boolean;
  readonly stalledMs: number;
  /** The file of a recording. */
  readonly trace: string | null;
  /** How far the application's thread has come, in 32 bits. */
  readonly progress: SharedArrayBuffer;
};

export type ThreadStart = { readonly options: ThreadOptions; readonly line: LineMemory };

export type Amount = {
  readonly group: GroupId;
  readonly messages: number;
  readonly bytes: number;
};

export type ToThread =
  | {
      /** What the application has taken, and messages to send (`handover.ts`). Short ones go as a parcel. */
      readonly kind: 'work';
      readonly parcel: Parcel;
    }
  | { readonly kind: 'join'; readonly group: GroupId; readonly init: boolean }
  | { readonly kind: 'leave'; readonly group: GroupId }
  | { readonly kind: 'keys'; readonly keys: readonly ClusterKey[] }
  | { readonly kind: 'statistics' }
  | { readonly kind: 'close' };

/** What happens in a group beside messages. */
export type Occurrence = { readonly group: GroupId } & (
  | { readonly kind: 'view'; readonly view: View }
  /** Whether this side of the group can go on. */
  | { readonly kind: 'primary'; readonly primary: boolean }
  /**
   * Removed by the others: this incarnation is over, and what it had not sent is dropped. With `rejoins`, the id of the
   * next incarnation, which asks to be added.
   */
  | { readonly kind: 'excluded'; readonly rejoins: ProcessorId | null }
  /** As was asked for. `removed`: the others removed it before they agreed on that, and what it said last may be lost, as after `excluded`. */
  | { readonly kind: 'left'; readonly removed: boolean }
  /** Not let in for now, and why; it goes on asking. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** `stalled`: the application of a member does not progress; `slow`: a member does not acknowledge. */
  | { readonly kind: 'slow' | 'stalled'; readonly processor: ProcessorId; readonly is: boolean }
);

export type FromThread =
  | { readonly kind: 'opened'; readonly id: ProcessorId; readonly address: string }
  | { readonly kind: 'failed'; readonly code: DriverErrorCode; readonly message: string }
  | {
      /**
       * Messages handed over that the processor has taken, for which there is room again, and deliveries (`deliveries.ts`). Short ones
       * without occurrences go as a parcel.
       */
      readonly kind: 'turn';
      readonly parcel: Parcel;
      /** Each with the number of deliveries before it. */
      readonly occurrences: readonly (readonly [number, Occurrence])[];
    }
  | { readonly kind: 'warning'; readonly text: string }
  | { readonly kind: 'statistics'; readonly statistics: Statistics }
  | { readonly kind: 'closed' };
