import { parseArgs } from 'node:util';
import { InputError } from './input.ts';

export const formats = ['irc', 'editing-trace'] as const;

export type Plan = {
  readonly format: (typeof formats)[number];
  readonly file: string;
  /** Undefined: start one. */
  readonly server: string | undefined;
  /** Lines or transactions per second; undefined: as fast as they go. */
  readonly speed: number | undefined;
  readonly killEveryMs: number | undefined;
  readonly dropClients: boolean;
};

export const synopsis = `npm run replay -- --format irc|editing-trace [OPTION…] FILE

Replays real input through Choir and verifies what everybody received.

  --server ws://HOST:PORT       uses that server; without it one is started here
  --speed N                     lines or transactions a second (default: as fast as they go)
  --kill-server-every 20s       kills the started server (kill -9) this often and starts it again
  --drop-clients                cuts client connections at random

Exit codes: 0 verified, 1 not verified, 2 wrong command line, 3 FILE cannot be read.

  npm run replay -- --format irc --speed 30 --kill-server-every 5s --drop-clients CHANNEL.txt
  npm run replay -- --format editing-trace --speed 110 --kill-server-every 20s TRACE.json.gz`;

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function readArguments(args: readonly string[]): Plan | 'help' {
  const { values, positionals } = parse(args);
  if (values.help === true) return 'help';
  const format = formats.find((each) => each === values.format);
  if (format === undefined) {
    throw new UsageError(`--format is one of: ${formats.join(', ')}`);
  }
  const [file, ...more] = positionals;
  if (file === undefined) throw new InputError('Which FILE?');
  if (more.length > 0) throw new UsageError(`One FILE at a time; ${more.join(' ')} is too much.`);
  const kill = values['kill-server-every'];
  if (kill !== undefined && values.server !== undefined) {
    throw new UsageError('--kill-server-every kills a server started here, not that of --server.');
  }
  return {
    format,
    file,
    server: values.server,
    speed: values.speed === undefined ? undefined : positive('--speed', values.speed),
    killEveryMs: kill === undefined ? undefined : duration('--kill-server-every', kill),
    dropClients: values['drop-clients'] === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        server: { type: 'string' },
        format: { type: 'string' },
        speed: { type: 'string' },
        'kill-server-every': { type: 'string' },
        'drop-clients': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (text !== '' && Number.isFinite(value) && value > 0) return value;
  throw new UsageError(`${option}: "${text}" is not a number above 0.`);
}

const units = { ms: 1, s: 1_000, m: 60_000 } as const;

function duration(option: string, text: string): number {
  const found = /^(?<amount>\d+(?:\.\d+)?)(?<unit>ms|s|m)$/.exec(text)?.groups;
  const ms = Number(found?.['amount']) * units[(found?.['unit'] ?? 's') as keyof typeof units];
  if (ms >= 1) return ms;
  throw new UsageError(`${option}: "${text}" is no duration. Examples: 500ms, 20s, 1m.`);
}
