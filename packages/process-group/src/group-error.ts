/** What goes wrong with a group. */
import type { groupCodes } from './group-codes.ts';

/** For programs. What each means, and what to do, is in the table of the reference. */
export type GroupErrorCode = keyof typeof groupCodes;

/** What goes wrong with a group, for programs (`code`) and for people: the message names cause and remedy. */
export class GroupError extends Error {
  override readonly name = 'GroupError';
  /** Stable. */
  readonly code: GroupErrorCode;

  constructor(code: GroupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
