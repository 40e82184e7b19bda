/** Channels that the toolkit itself answers. Applications have all others. */

const reservedPrefix = 'choir/';

/** A request on it, whatever its bytes, is answered with the statistics of the member. */
export const statisticsChannel = `${reservedPrefix}statistics`;

export function isReserved(channel: string): boolean {
  return channel.startsWith(reservedPrefix);
}
