import { printable } from '../output/printable.ts';

/** A line of the log as people read it: when, how bad, what, and the fields behind. */
export function lineForPeople(json: string): string {
  const { time, level, msg, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const clock = String(time).slice(11, 19);
  const named = Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`);
  return [clock, String(level).padEnd(5), printable(String(msg)), ...named].join('  ');
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return printable(/^[\w./:@%+[\]-]+$/.test(text) ? text : JSON.stringify(text));
}
