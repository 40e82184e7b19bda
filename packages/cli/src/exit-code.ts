/** What the exit code of `choir` says. Codes are stable: scripts depend on them. */
export const exitCodes = {
  done: [0, 'Done.'],
  failed: [1, 'Something failed that no other code names; standard error says what.'],
  usage: [2, 'The command line is wrong. Nothing was sent.'],
  unreachable: [3, 'No server answered within --timeout; group: nobody let this process in.'],
  refused: [4, 'The server, or the group, refused; standard error says what and why.'],
  identity_in_use: [5, 'Another process on this machine uses this --id.'],
  identity_refused: [6, 'The server does not accept this --id from here (or not any more).'],
  nothing_there: [7, 'There is no such group, object or lock, or no journal.'],
  unauthorized: [8, 'The server asks for a token that holds (see `choir help token`).'],
  unsent: [9, 'group join: lines may not have been sent; standard error says how many.'],
  address: [20, 'serve, ftmp, group: the address and port are taken, or cannot be used.'],
  data_in_use: [21, 'serve, admin: another process uses the data directory.'],
  data_damaged: [22, 'serve, admin: the journal is damaged or of a newer version.'],
  data_unwritable: [23, 'serve, admin: the data cannot be read or written, or the disk failed.'],
  gate: [24, 'serve, token, ftmp, group: the keys or the certificate cannot be used.'],
  capture: [25, 'ftmp: the file is no capture, or it is damaged.'],
  unwell: [30, 'doctor: at least one check failed. group probe: a member did not answer.'],
  lock_denied: [120, 'lock: somebody else holds or waits for one of the objects (--no-wait).'],
  lock_timeout: [121, 'lock: it was not granted within --timeout.'],
  lock_lost: [122, 'lock: it was lost while the command ran, and the command was ended.'],
  not_executable: [126, 'lock: the command was found but cannot be run.'],
  not_found: [127, 'lock: there is no such command.'],
  interrupted: [130, 'Ended by Ctrl-C (SIGINT) before it was done.'],
  terminated: [143, 'Ended by SIGTERM before it was done, or by SIGHUP.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ExitCode = keyof typeof exitCodes;

export function exitNumber(code: ExitCode): number {
  return exitCodes[code][0];
}
