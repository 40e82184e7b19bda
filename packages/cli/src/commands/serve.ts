import { parseClientId } from '@choir/protocol';
import { type Log, type RunningServer, ServeError, type ServeOptions, serve } from '@choir/server';
import type { Command } from '../arguments/command.ts';
import type { Given } from '../arguments/given.ts';
import { json } from '../arguments/option.ts';
import { clientId, listenAddress } from '../arguments/values.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { Failure } from '../failure.ts';
import type { LogFormat } from '../log/operator-log.ts';
import { printSettings } from '../settings/print-settings.ts';
import { settingsOf } from '../settings/settings.ts';
import { version } from '../version.ts';
import { dataDirectory, dataOption, defaultDataDirectory } from './data-directory.ts';
import { gateOptions, gateSettings } from './gate-options.ts';
import { limitOptions, limitSettings } from './limit-options.ts';
import { retentionOption, retentionRules } from './retention-option.ts';
import { exitCodeOf, salvage, sentencesOf, serveFailure } from './server-failure.ts';

export const serveCommand: Command = {
  name: 'serve',
  summary: 'Runs a server.',
  synopsis: '[OPTION…]',
  options: {
    config: {
      value: 'FILE',
      ofOneRun: true,
      help: 'Settings from a JSON file, whose keys are the names of these options.',
    },
    'print-config': {
      ofOneRun: true,
      help: 'Shows every setting, its value and where that is from, and ends.',
    },
    host: {
      value: 'HOST',
      default: '127.0.0.1',
      help: 'The address to listen on (default 127.0.0.1).',
    },
    port: {
      short: 'p',
      value: 'PORT',
      default: '7400',
      help: 'The port (default 7400; 0 takes a free one).',
    },
    ...dataOption,
    admin: {
      value: 'ID',
      repeatable: true,
      help:
        'A client that may break locks, replace the state of groups and delete them, where tokens do ' +
        'not say it.',
    },
    ...gateOptions,
    ...limitOptions,
    ...retentionOption,
    metrics: {
      value: 'HOST:PORT',
      help:
        'Where figures for Prometheus are answered, for all who reach it (default: /metrics on the ' +
        'port of the server, for this machine only).',
    },
    'log-level': {
      value: 'error|warn|info|debug',
      default: 'info',
      help: 'What is told on standard error (default info).',
    },
    'log-format': {
      value: 'json|text',
      help: 'JSON lines, or lines for people (default: text on a terminal, else json).',
    },
    ...json,
  },
  examples: [
    ['choir serve', 'on ws://127.0.0.1:7400, for this machine'],
    ['choir serve --port 7500 --data ./groups', 'another port, with its data beside you'],
    ['choir serve --port 0 --json', 'for scripts: prints {"type":"ready","url":…} when it serves'],
    [
      'choir serve --token-keys keys.public.json',
      'lets in only who has a token (choir help token)',
    ],
    ['choir serve --config serve.json --print-config', 'what it would run with, and why'],
  ],
  notes: [
    'Everything that was acknowledged is on disk first; a server that is killed and started again ' +
      'on the same data goes on where it was. One process at a time uses a data directory. The state ' +
      'directory is $CHOIR_STATE, else $XDG_STATE_HOME/choir, else ~/.local/state/choir.',
    'Without --token-keys a server answers this machine only. From another one: ssh -L ' +
      '7400:127.0.0.1:7400 HOST. With them it listens elsewhere over TLS, or behind a proxy.',
    'What is not on the command line is taken from the environment (CHOIR_SERVE_PORT for --port), ' +
      'then from the file, then the default holds. A setting that does not exist is refused. Paths ' +
      'in the file are relative to it. Editors find its schema in docs/generated/serve-config.schema.json.',
    'Ctrl-C, SIGTERM and SIGHUP end it in order, with exit code 0: clients are told to come back.',
  ],
  words: { names: [], max: 0 },
  run: runServe,
};

async function runServe(typed: Given, context: Context): Promise<ExitCode> {
  const { output, interruption, environment } = context;
  const defaults = {
    data: () => defaultDataDirectory(environment),
    'log-format': usualLogFormat,
  };
  const { given, list } = settingsOf(serveCommand.options, typed, environment, defaults);
  if (given.flag('print-config')) {
    printSettings(list, output);
    return 'done';
  }
  const data = dataDirectory(given, environment);
  const server = await start(given, data, await logOf(given));
  await tellReady(server, data, context);
  const first = await Promise.race([server.ended, interruption.came]);
  if (first !== undefined) {
    const code = first.failure === null ? 'data_unwritable' : exitCodeOf[first.failure];
    const [what, ...sentences] = sentencesOf(first.message);
    const since = 'Nothing more was acknowledged.';
    const where = first.failure === 'DAMAGED' ? salvage(data) : [`Data directory: ${data}`];
    throw new Failure(code, `${first.code}: ${what}`, ...sentences, since, ...where);
  }
  await server.stop();
  return 'done';
}

async function start(given: Given, data: string, log: Log): Promise<RunningServer> {
  const host = given.text('host') ?? '127.0.0.1';
  const port = given.natural('port', 65_535) ?? 7_400;
  const admins = given
    .list('admin')
    .flatMap((id) => parseClientId(clientId(given.place('admin'), id)) ?? []);
  try {
    const limits = limitSettings(given);
    const settings = { ...limits.settings, retention: retentionRules(given) };
    const taken = { ...gateSettings(given), ...limits, settings };
    const options = { host, port, data, admins, ...taken, ...metricsAt(given), log };
    return await serve({ ...options, version: version() });
  } catch (error) {
    throw error instanceof ServeError ? serveFailure(error, data) : error;
  }
}

function usualLogFormat(): LogFormat {
  return process.stderr.isTTY ? 'text' : 'json';
}

/** Loaded only by those who serve: other commands start sooner without. */
async function logOf(given: Given): Promise<Log> {
  const { operatorLog } = await import('../log/operator-log.ts');
  const { standardErrorSink } = await import('../log/standard-error.ts');
  const format = given.text('log-format') ?? usualLogFormat();
  const level = given.text('log-level') ?? 'info';
  return operatorLog(level, format === 'text' ? 'text' : 'json', standardErrorSink());
}

function metricsAt(given: Given): Pick<ServeOptions, 'metrics'> {
  const text = given.text('metrics');
  return text === undefined ? {} : { metrics: listenAddress(given.place('metrics'), text) };
}

async function tellReady(
  server: RunningServer,
  data: string,
  { output, environment }: Context,
): Promise<void> {
  const { url } = server;
  const lines = [`choir ${version()} serves ${output.paint('bold', url)}`];
  const page = url.replace(/^ws/, 'http');
  if (!output.json && (await hasPage(page))) {
    lines.push(`  page  ${page}/  (open it in two windows)`);
  }
  // Started by npm, `choir` is found by npx.
  const choir = environment['npm_command'] === undefined ? 'choir' : 'npx choir';
  lines.push(`  data  ${data}`, `  try   ${choir} join lobby --name Ann`, 'Ctrl-C ends it.');
  const ready = { type: 'ready', url, data, pid: process.pid, version: version() };
  output.result(ready, lines.join('\n'));
}

/** The page is there when it was built. */
async function hasPage(address: string): Promise<boolean> {
  // A certificate that this machine does not know says nothing about the page.
  const response = await fetch(address, { method: 'HEAD' }).catch(() => null);
  return response?.headers.get('content-type')?.startsWith('text/html') === true;
}
