/** What the application's thread and that of the processor tell each other. */
import type { GroupId, ProcessorId, Settings, View } from '@choir/ftmp';
import type { DriverErrorCode } from '../driver-error.ts';
import type { ClusterKey } from '../keys.ts';
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

export type Amount = {
  readonly group: GroupId;
  readonly messages: number;
  readonly bytes: number;
};

export type ToThread =
  | {
      readonly kind: 'work';
      /** Messages to send (`handover.ts`); null when there are none. */
      readonly buffer: ArrayBuffer | null;
      readonly length: number;
      /** What the application has taken. */
      readonly taken: readonly Amount[];
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
  | { readonly kind: 'left' }
  /** Not let in for now, and why; it goes on asking. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** `stalled`: the application of a member does not progress; `slow`: a member does not acknowledge. */
  | { readonly kind: 'slow' | 'stalled'; readonly processor: ProcessorId; readonly is: boolean }
);

export type FromThread =
  | { readonly kind: 'opened'; readonly id: ProcessorId; readonly address: string }
  | { readonly kind: 'failed'; readonly code: DriverErrorCode; readonly message: string }
  | {
      readonly kind: 'turn';
      /** `deliveries.ts` */
      readonly deliveries: ArrayBuffer | null;
      /** Each with the number of deliveries before it. */
      readonly occurrences: readonly (readonly [number, Occurrence])[];
      /** Messages handed over that the processor has taken: there is room for so much more. */
      readonly room: readonly Amount[];
    }
  | { readonly kind: 'warning'; readonly text: string }
  | { readonly kind: 'statistics'; readonly statistics: Statistics }
  | { readonly kind: 'closed' };
