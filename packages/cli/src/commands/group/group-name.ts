import { usage } from '../../arguments/values.ts';

const nameBytesMax = 256;

/** The name of a process group. @throws Failure when it is empty, blank or too long, or could move somebody's cursor */
export function processGroupName(text: string): string {
  if (/\p{Cc}/u.test(text)) {
    throw usage(
      `The name of a group has no control characters: ${JSON.stringify(text)}.`,
      'Example: lobby',
    );
  }
  if (text.trim() === '' && text !== '') {
    throw usage('The name of a group is more than blanks.', 'Example: lobby');
  }
  const bytes = text.isWellFormed() ? Buffer.byteLength(text) : 0;
  if (bytes >= 1 && bytes <= nameBytesMax) return text;
  throw usage(
    `The name of a group has 1 to ${nameBytesMax} bytes of UTF-8, not ${bytes}: choose a shorter one.`,
  );
}
