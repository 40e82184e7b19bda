/** What is told of a `choir` when the test that ran it fails. */
import type { Ended } from './choir-process.ts';

const linesMax = 8;
const columnsMax = 200;

/** How it ended, and the last that it wrote. With SIGKILL it may have run until the test was over. */
export function lastWords(args: readonly string[], ended: Ended): string {
  const { code, signal, stdout, stderr } = ended;
  const how = signal === null ? `ended with ${code}` : `was ended by ${signal}`;
  const streams = { stdout, stderr };
  const written = Object.entries(streams).flatMap(([name, text]) => lastLines(name, text));
  return [`choir ${args.join(' ')}: ${how}`, ...written].join('\n');
}

function lastLines(name: string, text: string): readonly string[] {
  const lines = text.split('\n').slice(0, -1);
  const shown = lines.slice(-linesMax).map((line) => `  ${name}: ${line.slice(0, columnsMax)}`);
  const omitted = lines.length - shown.length;
  return omitted > 0 ? [`  ${name}: … ${omitted} lines before these`, ...shown] : shown;
}
