/** Who takes part on this machine. */
import { NodeGroup } from './ours/node-group.ts';
import { whyNoCorosync } from './peers/corosync/availability.ts';
import { Corosync } from './peers/corosync/corosync.ts';
import type { System, SystemName } from './system.ts';

export type Ours = {
  /** The path of the program of a node (`ours/member.ts`). */
  readonly program: string;
  /** Whether its datagrams are encrypted when nothing is said: so it is held against the peers. */
  readonly encrypted: boolean;
};

export type Participant = { readonly name: SystemName; readonly make: () => System } & (
  | { readonly kind: 'ours'; readonly encrypted: boolean }
  | { readonly kind: 'peer' }
);

/** @param tell is told of each that cannot take part, why, and what mends it */
export function participantsHere(
  { program, encrypted }: Ours,
  tell: (line: string) => void,
): readonly Participant[] {
  const participants: Participant[] = [
    ours('choir', program, encrypted),
    ours(encrypted ? 'choir-clear' : 'choir-encrypted', program, !encrypted),
  ];
  const why = whyNoCorosync();
  if (why === null)
    participants.push({ name: 'corosync', kind: 'peer', make: () => new Corosync() });
  else tell(`corosync is skipped: ${why}; \`node tools/peers/corosync.ts\` installs it`);
  return participants;
}

function ours(name: SystemName, program: string, encrypted: boolean): Participant {
  return { name, kind: 'ours', encrypted, make: () => new NodeGroup(program, encrypted) };
}
