/** `docs/cli.md`: everything that `choir help` says, on one page. */
import type { Command } from '../arguments/command.ts';
import { help, type OptionTable } from '../arguments/option.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { jsonObjects } from './json-reference.ts';
import { topics } from './topic.ts';

export function manual(commands: ReadonlyMap<string, Command>): string {
  return [
    '# The command line',
    '',
    'Made from the help texts of `choir`; a test keeps it so. `choir help COMMAND` shows the same.',
    '',
    ...[...commands.values()].flatMap(chapter),
    '## Identity',
    '',
    '```',
    topics.get('identity')?.text ?? '',
    '```',
    '',
    '## Exit codes',
    '',
    '| code | meaning |',
    '| --- | --- |',
    ...(Object.keys(exitCodes) as ExitCode[]).map((name) => {
      const [number, meaning] = exitCodes[name];
      return `| ${number} | ${meaning} |`;
    }),
    '',
    '`choir lock` passes on the exit code of the command it ran; for a command ended by a signal that',
    'is 128 and the number of the signal.',
    '',
    ...jsonChapter(),
  ].join('\n');
}

function chapter({ name, summary, synopsis, options, examples, notes }: Command): string[] {
  return [
    `## choir ${name}`,
    '',
    summary,
    '',
    '```',
    ...examples.flatMap(([line, what]) => [`# ${what}`, line]),
    '```',
    '',
    `Usage: \`${`choir ${name} ${synopsis}`.trim()}\``,
    '',
    ...optionTable({ ...options, ...help }),
    '',
    ...notes.flatMap((note) => [note, '']),
  ];
}

function optionTable(table: OptionTable): string[] {
  const rows = Object.entries(table).map(([name, { short, value, help: text }]) => {
    const letter = short === undefined ? '' : `\`-${short}\`, `;
    const argument = value === undefined ? '' : ` ${value.replaceAll('|', '\\|')}`;
    return `| ${letter}\`--${name}${argument}\` | ${text} |`;
  });
  return ['| option | |', '| --- | --- |', ...rows];
}

function jsonChapter(): string[] {
  return [
    '## JSON',
    '',
    'With `--json`, standard output is one JSON object per line; everything else is on standard error.',
    '`globalId` and `localId` are integers. `data` is a string when it is UTF-8, else',
    '`{"base64":"…"}`; both forms are also how the wire protocol writes payloads in JSON. Fields that',
    'are not known (the name of a sender who was never seen) are left out. More fields may come.',
    '',
    '| type | printed by | fields | meaning |',
    '| --- | --- | --- | --- |',
    ...jsonObjects.map(
      ({ type, by, fields, meaning }) =>
        `| \`${type}\` | ${by} | ${fields.join(', ')} | ${meaning} |`,
    ),
    '',
  ];
}
