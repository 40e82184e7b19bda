/** What process groups and their members are called: as the toolkit takes it, and without what could move somebody's cursor. */
import { usage } from '../../arguments/values.ts';
import type { Failure } from '../../failure.ts';

const nameBytesMax = 256;
const labelBytesMax = 64;

/** Of blanks, and of what is shown as nothing at all. */
const invisible = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]+$/u;

type Rule = {
  /** What it is the rule of. */
  readonly what: string;
  readonly bytesMax: number;
  readonly example: string;
};

/** The name of a process group. @throws Failure when it is empty, blank or too long, or could move somebody's cursor */
export function processGroupName(text: string): string {
  return ruled(text, { what: 'The name of a group', bytesMax: nameBytesMax, example: 'lobby' });
}

/** The label of a member. @param option that gives it @throws Failure as for a name */
export function memberLabel(option: string, text: string): string {
  const what = `${option}: the label of a member`;
  return ruled(text, { what, bytesMax: labelBytesMax, example: 'ann' });
}

function ruled(text: string, { what, bytesMax, example }: Rule): string {
  const refusal = (problem: string): Failure => usage(`${what} ${problem}.`, `Example: ${example}`);
  if (text === '') throw refusal('is empty');
  if (/\p{Cc}/u.test(text)) throw refusal(`has no control characters: ${JSON.stringify(text)}`);
  if (invisible.test(text)) throw refusal('is more than blanks');
  const bytes = Buffer.byteLength(text);
  if (text.isWellFormed() && bytes <= bytesMax) return text;
  throw refusal(`has 1 to ${bytesMax} bytes of UTF-8, not ${bytes}: choose a shorter one`);
}
