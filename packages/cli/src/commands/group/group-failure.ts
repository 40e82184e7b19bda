/** What a group, or its transport, refuses, as a failure of the command. */
import { DriverError } from '@choir/drivers';
import { GroupError, type GroupErrorCode } from '@choir/process-group';
import type { ExitCode } from '../../exit-code.ts';
import { Failure } from '../../failure.ts';

const codes: Readonly<Record<GroupErrorCode, ExitCode>> = {
  'group-option': 'usage',
  'group-time': 'unreachable',
  'group-absent': 'nothing_there',
  'group-refused': 'refused',
  'group-state-lost': 'nothing_there',
  'group-excluded': 'failed',
  'group-over': 'failed',
  'group-connection': 'failed',
  'group-replica': 'failed',
  'group-unread': 'failed',
};

/** Anything else is itself. */
export function groupFailure(error: unknown): unknown {
  if (error instanceof GroupError) return new Failure(codes[error.code], error.message);
  if (error instanceof DriverError) {
    return new Failure(error.code === 'drivers-key' ? 'gate' : 'address', error.message);
  }
  return error;
}
