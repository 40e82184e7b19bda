/** npm run replay: replays real input through Choir and verifies what everybody received. */
import { readArguments, synopsis, UsageError } from './arguments.ts';
import { replayEditingTrace } from './editing-trace/replay.ts';
import { InputError, readInput, whereToGetInput } from './input.ts';
import { replayIrc } from './irc/replay.ts';
import { Stage } from './stage.ts';
import { isVerified, summary } from './summary.ts';

const exit = { verified: 0, notVerified: 1, usage: 2, input: 3, interrupted: 130 } as const;

class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

async function main(args: readonly string[]): Promise<number> {
  const plan = readArguments(args);
  if (plan === 'help') {
    console.log(synopsis);
    return exit.verified;
  }
  const text = readInput(plan.file);
  const began = performance.now();
  const stage = await Stage.set(plan);
  try {
    const replaying =
      plan.format === 'irc' ? replayIrc(text, stage) : replayEditingTrace(plan.file, text, stage);
    const rows = await Promise.race([replaying, stage.broken, interrupted()]);
    await stage.strike();
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    console.log(summary([...rows, { name: 'seconds', value: seconds }]));
    return isVerified(rows) ? exit.verified : exit.notVerified;
  } finally {
    await stage.strike();
  }
}

/** Rejects when the user wants no more, so that the server and its data are cleared away. */
function interrupted(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => reject(new Interrupted()));
    }
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`replay: ${error.message}\n\n${synopsis}`);
    process.exitCode = exit.usage;
  } else if (error instanceof InputError) {
    console.error(`replay: ${error.message}\n\n${whereToGetInput}`);
    process.exitCode = exit.input;
  } else if (error instanceof Interrupted) {
    // Clients may still be trying to come back.
    process.exit(exit.interrupted);
  } else {
    console.error(error);
    process.exitCode = exit.notVerified;
  }
}
