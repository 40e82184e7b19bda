import { CommandError, runCommand } from './run-command.ts';

export type Possible = { readonly can: true } | { readonly can: false; readonly why: string };

/** Whether networks can be made here, and if not, why, with what mends it. */
export function canMakeNamespaces(): Possible {
  if (process.getuid?.() !== 0) return no('it needs root');
  for (const [tool, name] of [
    ['ip', 'iproute2'],
    ['nft', 'nftables'],
  ] as const) {
    const why = failureOf(tool, '-V');
    if (why !== null) return no(`${tool} is missing; on Debian: apt-get install ${name}`);
  }
  // A container may be root without being allowed to do this. It ends with the command.
  const why = failureOf('unshare', '--net', 'ip', 'link', 'set', 'lo', 'up');
  return why === null ? { can: true } : no(`this system allows no network namespace (${why})`);
}

function failureOf(...command: [string, ...string[]]): string | null {
  try {
    runCommand(command);
    return null;
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
}

function no(why: string): Possible {
  return { can: false, why };
}
