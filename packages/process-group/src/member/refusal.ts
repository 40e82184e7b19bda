/** What it means for an application that the members refuse it. */

import { membersMax } from '@choir/ftmp';
import type { CoreEffect } from '../core/index.ts';
import { toolkitVersion } from '../core/index.ts';
import { GroupError } from '../group-error.ts';

type Refusal = Extract<CoreEffect, { readonly kind: 'refused' | 'state-lost' }>;

/** Null when it goes on waiting. */
export function refusalError(
  { name, label }: { readonly name: string; readonly label: string | null },
  refusal: Refusal,
): GroupError | null {
  if (refusal.kind === 'state-lost') {
    return new GroupError(
      'group-state-lost',
      `Everybody who held the state of group "${name}" is gone: end whoever is left, and begin the group anew.`,
    );
  }
  switch (refusal.reason) {
    case 'label-taken':
      return null;
    case 'version':
      return new GroupError(
        'group-refused',
        `Group "${name}" speaks version ${refusal.version} of the toolkit, this process ${toolkitVersion}: use the same.`,
      );
    case 'name':
      return new GroupError(
        'group-refused',
        `Another group has the number of "${name}" here: choose another name.`,
      );
    case 'full':
      return fullError(name);
    case 'state-refused':
      return new GroupError(
        'group-refused',
        `No member of group "${name}" could give ${label ?? 'this process'} a state that it takes: see the warnings, here and there.`,
      );
    default:
      return refusal.reason satisfies never;
  }
}

/**
 * What FTMP says to who asks to be let in, on behalf of the whole group: its members count alike, and speak one version.
 *
 * @returns null when it goes on asking: what stands in the way may go
 */
export function entryError(name: string, reason: string): GroupError | null {
  switch (reason) {
    case 'version':
      return new GroupError(
        'group-refused',
        `Group "${name}" speaks another version of FTMP than this process: use the same version of the toolkit everywhere.`,
      );
    case 'full':
      return fullError(name);
    default:
      return null;
  }
}

function fullError(name: string): GroupError {
  return new GroupError(
    'group-refused',
    `Group "${name}" is full: it has ${membersMax} members, the most that FTMP takes. End one of them, and join again.`,
  );
}
