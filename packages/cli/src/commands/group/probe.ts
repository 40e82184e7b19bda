/** `choir group probe`: asks the members of a group, through the group, how they are, and leaves. */
import type { ProcessGroup } from '@choir/process-group';
import type { Given } from '../../arguments/given.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { enterGroup } from './enter.ts';
import { groupFailure } from './group-failure.ts';
import { timeoutMs } from './patience.ts';
import { printProbe } from './probe-report.ts';
import { sayingSo } from './waiting-note.ts';

/** Two probes wait for each other under one label, and the group remembers one label of the past instead of many. */
const label = 'choir-probe';
const answersMs = 5_000;

export async function probeProcessGroup(given: Given, context: Context): Promise<ExitCode> {
  const group = await enterGroup(given, context, { label, observer: true });
  // What the group ends with is also what asking ends with.
  const passing = passOver(group).catch(() => {});
  try {
    const waitMs = Math.min(answersMs, timeoutMs(given) ?? answersMs);
    const { signal } = context.interruption;
    const replies = await sayingSo(group.statistics({ timeoutMs: waitMs, signal }), () =>
      context.output.note(`waiting for answers; gives up after ${waitMs / 1_000} s`),
    );
    const own = group.self;
    await group.leave();
    await passing;
    return printProbe(
      group.name,
      replies.map((reply) => ({ ...reply, isSelf: reply.member.id === own?.id })),
      context.output,
    );
  } catch (error) {
    await group.leave().catch(() => {});
    if (context.interruption.signal.aborted) throw context.interruption.failure();
    throw groupFailure(error);
  }
}

/** What is not read would hold the group up. */
async function passOver(group: ProcessGroup): Promise<void> {
  for await (const _event of group);
}
