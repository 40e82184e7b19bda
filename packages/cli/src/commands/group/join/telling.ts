/** What `choir group join` prints of what happens in its group. */
import { type GroupEvent, type Member, memberText } from '@choir/process-group';
import { jsonData } from '../../../output/json-data.ts';
import type { Output } from '../../../output/output.ts';
import { printable, printableData } from '../../../output/printable.ts';

const exclusionText =
  'the others removed this process; it comes back by itself, and what was said meanwhile is missed';

/** Prints an event. */
export function tell(event: GroupEvent, output: Output): void {
  switch (event.kind) {
    case 'view': {
      const { number, members, joined, returned, left, excluded } = event.view;
      const labels = labelsOf(members);
      const news = [
        ...joined.map((one) =>
          returned.includes(one) ? `${one.label} is back` : `${one.label} joined`,
        ),
        ...left.map(({ label }) => `${label} left`),
        ...excluded.map(({ label }) => `${label} is gone`),
      ];
      const line = printable(`view ${number}: ${labels.join(', ')} (${news.join(', ')})`);
      // A minority is given no views: that there is no majority any more is told by itself (`primary`).
      output.result(
        {
          type: 'view',
          id: number,
          members: labels,
          primary: true,
          joined: labelsOf(joined),
          returned: labelsOf(returned),
          left: labelsOf(left),
          excluded: labelsOf(excluded),
        },
        output.paint('dim', line),
      );
      return;
    }
    case 'message': {
      const { from, bytes, channel } = event;
      output.result(
        { type: 'message', sender: from.label, data: jsonData(bytes), channel },
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
      output.result({ type: 'excluded' }, output.paint('yellow', exclusionText));
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

function labelsOf(members: readonly Member[]): readonly string[] {
  return members.map(({ label }) => label);
}
