/** What an application is told of a group, in one order. */
import type { GroupId } from '@choir/ftmp';
import type { DriverError } from '../driver-error.ts';
import type { Delivery } from './deliveries.ts';
import type { Occurrence } from './thread-message.ts';

export type GroupEvent =
  | MessageEvent
  | Occurrence
  /** There is room again, after `full`. */
  | { readonly kind: 'writable'; readonly group: GroupId }
  /** The last event: the host was closed, or its thread ended by an error. */
  | { readonly kind: 'closed'; readonly group: GroupId; readonly error: DriverError | null };

export type MessageEvent = { readonly kind: 'message' } & Delivery;

/** Is given each event once; what it was given counts as taken when it returns. */
export type Listener = (event: GroupEvent) => void;
