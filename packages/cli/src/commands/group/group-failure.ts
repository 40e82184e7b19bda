/** What a group, or its transport, refuses, as a failure of the command. */
import { DriverError, type DriverErrorCode } from '@choir/drivers';
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

const driverCodes: Readonly<Record<DriverErrorCode, ExitCode>> = {
  'drivers-address': 'address',
  'drivers-socket': 'address',
  'drivers-option': 'usage',
  'drivers-insecure': 'gate',
  'drivers-key': 'gate',
  'drivers-closed': 'failed',
  'drivers-message': 'failed',
  'drivers-thread': 'failed',
  'drivers-trace': 'failed',
};

/** Options of the API that messages name, by what they are called on the command line. */
const options: ReadonlyMap<string, string> = new Map([
  ['(init)', '(--init)'],
  ['(timeoutMs)', '(--timeout)'],
]);

/** Anything else is itself. */
export function groupFailure(error: unknown): unknown {
  if (error instanceof GroupError) {
    return new Failure(codes[error.code], withOptions(error.message));
  }
  if (error instanceof DriverError) return new Failure(driverCodes[error.code], error.message);
  return error;
}

function withOptions(message: string): string {
  return [...options].reduce((text, [name, option]) => text.replaceAll(name, option), message);
}
