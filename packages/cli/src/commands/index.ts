import type { Command } from '../arguments/command.ts';
import { adminCommand } from './admin/admin.ts';
import { doctorCommand } from './doctor/doctor.ts';
import { ftmpCommand } from './ftmp/ftmp.ts';
import { groupCommand } from './group/group.ts';
import { helpCommand } from './help.ts';
import { joinCommand } from './join/join.ts';
import { journalCommand } from './journal.ts';
import { lockCommand } from './lock/lock.ts';
import { logCommand } from './log.ts';
import { membersCommand } from './members.ts';
import { objectCommand } from './object.ts';
import { sendCommand } from './send.ts';
import { serveCommand } from './serve.ts';
import { statusCommand } from './status.ts';
import { tokenCommand } from './token/token.ts';

export const commands: ReadonlyMap<string, Command> = new Map(
  [
    serveCommand,
    joinCommand,
    sendCommand,
    logCommand,
    objectCommand,
    lockCommand,
    membersCommand,
    statusCommand,
    doctorCommand,
    adminCommand,
    journalCommand,
    tokenCommand,
    groupCommand,
    ftmpCommand,
    helpCommand,
  ].map((command) => [command.name, command]),
);
