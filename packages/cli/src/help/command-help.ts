import type { Command } from '../arguments/command.ts';
import { help, type OptionTable } from '../arguments/option.ts';
import { wrap } from './wrap.ts';

export function commandHelp(command: Command): string {
  const { name, summary, synopsis, examples, notes } = command;
  return [
    `choir ${name}: ${summary}`,
    '',
    'Examples:',
    ...examples.flatMap(([line, what]) => [`  ${line}`, `      ${what}`]),
    '',
    `Usage: choir ${name} ${synopsis}`.trimEnd(),
    '',
    'Options:',
    ...optionLines({ ...command.options, ...help }),
    ...notes.flatMap((note) => ['', ...wrap(note)]),
  ].join('\n');
}

function optionLines(table: OptionTable): readonly string[] {
  return Object.entries(table).flatMap(([name, { short, value, repeatable, help: text }]) => {
    const letter = short === undefined ? '    ' : `-${short}, `;
    const argument = value === undefined ? '' : ` ${value}`;
    const more = repeatable === true ? ' (repeatable)' : '';
    return [`  ${letter}--${name}${argument}${more}`, ...wrap(text, 10)];
  });
}
