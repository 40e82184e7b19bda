import type { Command } from '../arguments/command.ts';
import { nearest } from '../arguments/nearest.ts';
import { usage } from '../arguments/values.ts';
import { commandHelp } from './command-help.ts';
import { overview } from './overview.ts';
import { topics } from './topic.ts';

export function helpText(
  topic: string | undefined,
  commands: ReadonlyMap<string, Command>,
): string {
  if (topic === undefined) return overview(commands, topics);
  const command = commands.get(topic);
  if (command !== undefined) return commandHelp(command);
  const page = topics.get(topic);
  if (page !== undefined) return page.text;
  const near = nearest(topic, [...commands.keys(), ...topics.keys()]);
  const hint = near === undefined ? 'To see what there is: choir help' : `Did you mean: ${near}`;
  throw usage(`There is no help on ${JSON.stringify(topic)}.`, hint);
}
