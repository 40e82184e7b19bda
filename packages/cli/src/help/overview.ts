import type { Command } from '../arguments/command.ts';
import type { Topic } from './topic.ts';

export function overview(
  commands: ReadonlyMap<string, Command>,
  topics: ReadonlyMap<string, Topic>,
): string {
  const wide = Math.max(...[...commands.keys(), ...topics.keys()].map((name) => name.length));
  const row = (name: string, summary: string) => `  ${name.padEnd(wide)}  ${summary}`;
  return [
    'choir: groups that survive.',
    'A group is an ordered, durable log of messages, shared by its members.',
    '',
    'Try it in three terminals:',
    '  choir serve',
    '  choir join lobby --name Ann',
    '  echo "hello" | choir send lobby',
    '',
    'Commands (choir help COMMAND shows each by example):',
    ...[...commands.values()].map(({ name, summary }) => row(name, summary)),
    '',
    'More help:',
    ...[...topics.values()].map(({ name, summary }) => row(name, summary)),
  ].join('\n');
}
