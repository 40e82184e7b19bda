/** What goes wrong with a group, for programs (`code`) and for people (the message names cause and remedy). */
export type GroupErrorCode =
  /** An argument is wrong. */
  | 'group-option'
  /** Nobody let this process in in time, or a time-out of the caller is over. */
  | 'group-time'
  /** Nobody is in the group, and this process was not to make it. */
  | 'group-absent'
  /** The members do not admit this process. */
  | 'group-refused'
  /** Nobody who held the state is left. */
  | 'group-state-lost'
  /** The others removed this process from the group. */
  | 'group-excluded'
  /** The group was left, or its transport closed. */
  | 'group-over'
  /** A logical connection has no room for a request, or there will be no reply. */
  | 'group-connection'
  /** A replica threw an error: its state may differ from that of the others. */
  | 'group-replica'
  /** The events of the group are not read, and too many have come. */
  | 'group-unread';

export class GroupError extends Error {
  override readonly name = 'GroupError';
  readonly code: GroupErrorCode;

  constructor(code: GroupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
