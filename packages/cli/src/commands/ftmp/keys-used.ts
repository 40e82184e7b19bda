/** Whether the keys of the command line were of use. */
import { Failure } from '../../failure.ts';
import type { Telling } from '../../ftmp/telling.ts';

/** @throws Failure when they opened nothing of what is encrypted */
export function checkOpened({ unopened }: Telling): void {
  if (unopened === null) return;
  throw new Failure('gate', unopened, 'Give --key those of the members whose datagrams these are.');
}
