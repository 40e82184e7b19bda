/** Why nobody let a process into a group in time, as far as it knows. */
import type { NetworkOptions } from '@choir/drivers';
import { GroupError } from '../group-error.ts';
import type { Obstacle } from '../member/obstacle.ts';
import type { Unfound } from './seeds.ts';

export type Joining = {
  readonly name: string;
  readonly label: string | null;
  readonly timeoutMs: number;
  readonly obstacle: Obstacle;
};

/** @param silence why nobody may have said anything, as a sentence, with the remedy */
export function lateError(joining: Joining, silence: string): GroupError {
  const { name, timeoutMs, obstacle } = joining;
  const why = obstacle.kind === 'silence' ? silence : obstacleText(joining);
  return new GroupError(
    'group-time',
    `Nobody let this process into group "${name}" within ${timeoutMs / 1_000} s. ${why}`,
  );
}

/**
 * What may be the matter on a network where nobody has answered.
 *
 * @param isKeyed whether datagrams are protected
 * @param unfound seeds without an address
 */
export function networkSilence(
  network: NetworkOptions,
  isKeyed: boolean,
  unfound: readonly Unfound[] = [],
): string {
  const key = isKeyed ? 'the same cluster key' : 'no keys, as this process (insecure)';
  const question = `Is one running there, in a group of exactly this name, with ${key} and this version?`;
  const first = 'The first member makes the group (init).';
  if (network.kind === 'multicast') {
    const { address, port, interface: local } = network;
    return (
      `No member answered at ${address}:${port} on the interface ${local}. ${question} ${first} ` +
      'A network may carry no multicast, as those of clouds and of containers mostly do not: use unicast with seeds there.'
    );
  }
  const { seeds = [] } = network;
  if (seeds.length === 0) {
    return `It was given no seeds, and so asked nobody. Name the address of a member as a seed. ${first}`;
  }
  const asked = seeds.filter((seed) => !unfound.some((one) => one.seed === seed));
  const sentences = [
    ...(asked.length === 0 ? [] : [`No member answered at ${listed(asked)}. ${question}`]),
    ...unfound.map(({ seed, why }) => `The seed ${seed} has no address (${why}).`),
  ];
  return `${sentences.join(' ')} ${first}`;
}

function listed(seeds: readonly string[]): string {
  return `the ${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}`;
}

/** The same on one machine, where it is certain who lives. @param members the addresses of processes that are in the group */
export function machineSilence(members: readonly string[]): string {
  if (members.length === 0) {
    return 'Its processes came and went meanwhile. Try again.';
  }
  const who =
    members.length === 1
      ? 'One process of this machine is in it, and does'
      : `${members.length} processes of this machine are in it, and do`;
  return `${who} not answer (${members.join(', ')}). When others were killed, those who are left may be no majority: end them, and begin the group anew. A process that is stopped goes on with SIGCONT.`;
}

function obstacleText({ label, obstacle }: Joining): string {
  switch (obstacle.kind) {
    case 'label':
      return `A member said: the label "${label}" is in use. Choose another, or end the member that has it; when that was killed it is free in a moment.`;
    case 'state':
      return 'It was let in, and nobody gave it the state in time. Give it longer (timeoutMs), and see the warnings of the members.';
    case 'minority':
      return 'It was let in, and then a majority of the members was gone. Start them, or end those who are left, and begin the group anew.';
    case 'refused':
      return refusalText(obstacle.reason);
    case 'silence':
      return '';
    default:
      return obstacle satisfies never;
  }
}

function refusalText(reason: string): string {
  switch (reason) {
    case 'minority':
      return 'A member said: a majority of the members is gone. Start them again, or end those who are left, and begin the group anew.';
    case 'rival':
      return 'A member said: the group was made twice. Make it once (init), and end the members of the other.';
    default:
      return `A member said: ${reason}. See the warnings there.`;
  }
}
