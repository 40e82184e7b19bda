/** `choir group join`: multicasts what is typed, shows what the group says, and leaves in order. */
import type { Given } from '../../../arguments/given.ts';
import type { Context } from '../../../context.ts';
import type { ExitCode } from '../../../exit-code.ts';
import type { OutputFailure } from '../../../output/broken-output.ts';
import { checkInput } from '../../readable-input.ts';
import { enterGroup } from '../enter.ts';
import { groupFailure } from '../group-failure.ts';
import { Conversation } from './conversation.ts';

/** At the end of the input it waits so long for the next of its own lines to come back ... */
const endPatienceMs = 10_000;
/** ... and so long when it is to end now. */
const stopPatienceMs = 1_000;

export async function joinProcessGroup(given: Given, context: Context): Promise<ExitCode> {
  const { output, input, interruption } = context;
  const leavesAtEnd = input.isTTY || given.flag('leave-at-eof');
  checkInput(input);
  const group = await enterGroup(given, context);
  const broken = Promise.withResolvers<OutputFailure>();
  context.brokenOutput.instead(broken.resolve);
  const conversation = new Conversation(group, output);
  const listening = conversation.listen();
  const talking = conversation.talk(input);
  const ended = leavesAtEnd ? talking : talking.then(() => new Promise<never>(() => {}));
  const stop = Promise.race([interruption.came, broken.promise, listening]);
  try {
    await Promise.race([ended, stop]);
    conversation.fallSilent();
    await conversation.settle(endPatienceMs, stop);
    if (group.primary) await conversation.settle(stopPatienceMs, listening);
    await group.leave();
    await listening;
  } catch (error) {
    // The others need not find out that it has ended; that it is out already is no other error.
    await group.leave().catch(() => {});
    conversation.noteMissing();
    throw groupFailure(error);
  }
  const failure = await Promise.race([broken.promise, null]);
  if (failure !== null) {
    conversation.noteMissing();
    throw failure;
  }
  conversation.check();
  return 'done';
}
