/** One run of `choir`: reads the command line, runs the command, and tells failures to people. */
import { readFileSync } from 'node:fs';
import { readCommandLine } from './arguments/command-line.ts';
import { commands } from './commands/index.ts';
import type { ExitCode } from './exit-code.ts';
import { Failure } from './failure.ts';
import { helpText } from './help/help.ts';
import { Interruption } from './interruption.ts';
import { Output } from './output/output.ts';

export async function run(args: readonly string[]): Promise<ExitCode> {
  try {
    return await dispatch(args);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const [first = '', ...more] = error.message.split('\n');
    console.error([`choir: ${first}`, ...more.map((line) => `  ${line}`)].join('\n'));
    return error.code;
  }
}

async function dispatch(args: readonly string[]): Promise<ExitCode> {
  const line = readCommandLine(args, commands);
  if (line.kind === 'version') console.log(`choir ${version()}`);
  else if (line.kind === 'help') console.log(helpText(line.topic, commands));
  else if (line.command.name === 'help') console.log(helpText(line.given.words[0], commands));
  else {
    const { given, command } = line;
    return command.run(given, {
      output: new Output(given.flag('json'), process.stdout, process.stderr),
      input: process.stdin,
      environment: process.env,
      interruption: new Interruption(),
    });
  }
  return 'done';
}

function version(): string {
  const path = new URL('../package.json', import.meta.url);
  const { version: found } = JSON.parse(readFileSync(path, 'utf8'));
  return String(found);
}
