/** What an application is told of a group, in its order. */
import type { GroupView, Member } from '../core/index.ts';

/** What happens in a group. */
export type GroupEvent =
  | { readonly kind: 'view'; readonly view: GroupView }
  | GroupMessage
  /** `false`: there is no quorum, so nothing is delivered until there is one again. */
  | { readonly kind: 'primary'; readonly primary: boolean }
  /** The others removed this process; it comes back by itself, as a new member with their state. Until its next view the group is not `primary` for it. */
  | { readonly kind: 'excluded' }
  /** `stalled`: the program of a member does not progress; `slow`: a member does not acknowledge. `is: false` ends it. */
  | { readonly kind: 'stalled' | 'slow'; readonly member: Member; readonly is: boolean }
  /** A message came that is none of this toolkit's. */
  | { readonly kind: 'unreadable'; readonly from: string };

/** A message, at its place in the order. */
export type GroupMessage = {
  readonly kind: 'message';
  readonly channel: string;
  readonly from: Member;
  /** Copy what is to be kept long. */
  readonly bytes: Uint8Array;
  /** For this member, or for some, and not for all. */
  readonly direct: boolean;
};
