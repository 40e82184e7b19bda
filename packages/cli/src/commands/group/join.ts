/** `choir group join`: multicasts what is typed, shows what the group says. */
import { type GroupEvent, memberText, type ProcessGroup } from '@choir/process-group';
import type { Given } from '../../arguments/given.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { jsonData } from '../../output/json-data.ts';
import type { Output } from '../../output/output.ts';
import { printable, printableData } from '../../output/printable.ts';
import { inputLines } from '../input-lines.ts';
import { enterGroup } from './enter.ts';
import { groupFailure } from './group-failure.ts';

export async function joinProcessGroup(given: Given, context: Context): Promise<ExitCode> {
  const { output, input, interruption } = context;
  const group = await enterGroup(given, context);
  const listening = listen(group, output);
  const talking = talk(group, input);
  const leavesAtEnd = (input.isTTY && !output.json) || given.flag('leave-at-eof');
  const over = leavesAtEnd ? talking : talking.then(() => new Promise(() => {}));
  try {
    await Promise.race([over, listening, interruption.came]);
    await group.leave();
    await listening;
  } catch (error) {
    // The others need not find out that it has ended; that it is out already is no other error.
    await group.leave().catch(() => {});
    throw groupFailure(error);
  }
  return 'done';
}

async function listen(group: ProcessGroup, output: Output): Promise<void> {
  for await (const event of group) {
    tell(event, group, output);
    if (output.stalled) await output.drained();
  }
}

function tell(event: GroupEvent, group: ProcessGroup, output: Output): void {
  switch (event.kind) {
    case 'view': {
      const { number, members, joined, returned, left, excluded } = event.view;
      const labels = members.map(({ label }) => label);
      const news = [
        ...joined.map((one) =>
          returned.includes(one) ? `${one.label} is back` : `${one.label} joined`,
        ),
        ...left.map(({ label }) => `${label} left`),
        ...excluded.map(({ label }) => `${label} is gone`),
      ];
      const line = printable(`view ${number}: ${labels.join(', ')} (${news.join(', ')})`);
      output.result(
        { type: 'view', id: number, members: labels, primary: group.primary },
        output.paint('dim', line),
      );
      return;
    }
    case 'message': {
      const { from, bytes } = event;
      output.result(
        { type: 'message', sender: from.label, data: jsonData(bytes) },
        `${output.paint('bold', printable(from.label))}: ${printableData(bytes)}`,
      );
      return;
    }
    case 'primary': {
      const text = event.primary
        ? 'a majority is together again'
        : 'cut off from the majority: nothing goes on until it is back';
      output.result({ type: 'primary', primary: event.primary }, output.paint('yellow', text));
      return;
    }
    case 'excluded':
      output.result(
        { type: 'excluded' },
        output.paint('yellow', 'the others removed this process; it comes back by itself'),
      );
      return;
    case 'slow':
    case 'stalled':
      output.note(
        printable(
          `${memberText(event.member)} is ${event.is ? event.kind : `not ${event.kind} any more`}`,
        ),
      );
      return;
    case 'unreadable':
      output.note(`${event.from} sent what cannot be read`);
      return;
    default:
      event satisfies never;
  }
}

/** Multicasts what is typed or piped in. */
async function talk(group: ProcessGroup, input: NodeJS.ReadStream): Promise<void> {
  for await (const data of inputLines(input)) await group.multicast(data);
}
