/** Which replicas are in a group: each is the state of one, so it is in one at a time, on one channel. */
import { GroupError } from '../group-error.ts';
import type { Block } from './block.ts';

type Place = { readonly group: string; readonly channel: string };

/** Of this process: a replica may be given to joins on several transports. */
const occupied = new WeakMap<Block, Place>();

/**
 * They are in this group from now on.
 *
 * @returns lets them go when the group is over
 * @throws GroupError `group-option` when one of them is in a group, or is given twice; then none is taken
 */
export function occupy(group: string, replicas: Readonly<Record<string, Block>>): () => void {
  const taken: Block[] = [];
  const release = (): void => {
    for (const block of taken) occupied.delete(block);
  };
  for (const [channel, block] of Object.entries(replicas)) {
    const place = occupied.get(block);
    if (place !== undefined) {
      release();
      throw occupiedError(channel, place);
    }
    occupied.set(block, { group, channel });
    taken.push(block);
  }
  return release;
}

function occupiedError(channel: string, place: Place): GroupError {
  return new GroupError(
    'group-option',
    `The replica on channel "${channel}" is on channel "${place.channel}" of group "${place.group}" already: give each channel of each join a replica of its own.`,
  );
}
