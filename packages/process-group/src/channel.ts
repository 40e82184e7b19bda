/** The names of channels, as applications give them. */
import { checkText, optionError, shown } from './arguments.ts';
import { channelBytesMax } from './core/index.ts';
import { isReserved } from './statistics/reserved-channels.ts';

/** @throws GroupError `group-option` also when the channel is the toolkit's own */
export function checkChannel(channel: unknown): string {
  const text = checkText('A channel', channel, channelBytesMax);
  if (!isReserved(text)) return text;
  throw optionError(
    `The channel ${shown(text)} is the toolkit's own, as all that begin with "choir/" are: choose another name.`,
  );
}
