/** One run of `choir`: reads the command line, runs the command, and tells failures to people. */
import { readCommandLine } from './arguments/command-line.ts';
import { commands } from './commands/index.ts';
import { exitNumber } from './exit-code.ts';
import { Failure } from './failure.ts';
import { helpText } from './help/help.ts';
import { Interruption } from './interruption.ts';
import { BrokenOutput, tell } from './output/broken-output.ts';
import { Output } from './output/output.ts';
import { version } from './version.ts';

export async function run(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args, new BrokenOutput(process.stdout));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    tell(error);
    return exitNumber(error.code);
  }
}

async function dispatch(args: readonly string[], brokenOutput: BrokenOutput): Promise<number> {
  const line = readCommandLine(args, commands);
  if (line.kind === 'version') print(`choir ${version()}`);
  else if (line.kind === 'help') print(helpText(line.topic, commands));
  else if (line.command.name === 'help') print(helpText(line.given.words[0], commands));
  else {
    const { given, command } = line;
    const code = await command.run(given, {
      output: new Output(given.flag('json'), process.stdout, process.stderr),
      brokenOutput,
      input: process.stdin,
      screen: process.stdout,
      environment: process.env,
      interruption: new Interruption(),
    });
    return typeof code === 'number' ? code : exitNumber(code);
  }
  return exitNumber('done');
}

/** `console.log` would keep it to itself that this failed. */
function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
