import { apart } from '@choir/drivers';

/** Tells of what somebody should mend: the application, whose errors keep nothing from being done, or else as warnings of the process. */
export function warningTo(
  onWarning: (text: string) => void = (text) => process.emitWarning(text),
): (text: string) => void {
  return (text) => apart(onWarning, text);
}
