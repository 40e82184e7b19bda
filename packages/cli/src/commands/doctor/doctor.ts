import type { Command } from '../../arguments/command.ts';
import { Given } from '../../arguments/given.ts';
import { json, patience, showing } from '../../arguments/option.ts';
import { serverUrl } from '../../arguments/values.ts';
import { tokenSource } from '../../connection/token-source.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { Failure } from '../../failure.ts';
import type { Output } from '../../output/output.ts';
import { printable } from '../../output/printable.ts';
import { settingsOf } from '../../settings/settings.ts';
import { dataDirectory, dataOption, defaultDataDirectory } from '../data-directory.ts';
import { gateSettings } from '../gate-options.ts';
import { serveCommand } from '../serve.ts';
import { checkDirectory, checkJournalIn, checkSpace } from './data-checks.ts';
import { checkExposure } from './exposure-check.ts';
import { type Finding, fail, ok } from './finding.ts';
import { checkPort, hostInUrl } from './port-check.ts';
import { checkSecrets } from './secret-checks.ts';
import { checkServer } from './server-check.ts';
import { checkClock, checkDescriptors, checkNode } from './system-checks.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Looks for what is wrong with a set-up, and says what to do.',
  synopsis: '[OPTION…]',
  options: {
    ...dataOption,
    server: {
      short: 's',
      value: 'ws://HOST:PORT',
      help: 'A server to ask, too (default: the one of these settings, if it runs).',
    },
    config: { value: 'FILE', help: 'The settings of the server, as choir serve takes them.' },
    ...showing,
    ...patience,
    ...json,
  },
  examples: [
    ['choir doctor', 'the server that choir serve would run here'],
    ['choir doctor --config /etc/choir/serve.json', 'the one with these settings'],
    ['choir doctor --server wss://choir.example.org', 'one elsewhere, and this machine'],
  ],
  notes: [
    'Looks at Node.js, the settings and who they let in, the data directory, the disk, the journal, the port, the clock, ' +
      'the limit on open files, certificates and keys, and the server if it runs. Nothing is changed. ' +
      'A journal that no server uses is read as a whole, which takes a while when it is large.',
    'Ends with exit code 30 when at least one check failed. A warning is no failure.',
    'Run it as the user who runs the server, with the same environment: sudo -u choir choir doctor.',
  ],
  words: { names: [], max: 0 },
  run: runDoctor,
};

const patienceMs = 10_000;

async function runDoctor(given: Given, { output, environment }: Context): Promise<ExitCode> {
  const failed: string[] = [];
  const print = (...findings: readonly Finding[]): void => {
    for (const finding of findings) {
      if (finding.status === 'fail') failed.push(finding.check);
      show(finding, output);
    }
  };
  print(checkNode(process.versions.node));
  const settings = readSettings(given, environment);
  print(settings.finding);
  const data = dataDirectory(settings.given, environment);
  const directory = checkDirectory(data);
  print(directory, checkSpace(data));
  if (directory.status !== 'fail') print(checkJournalIn(data));
  print(checkClock(data, Date.now()), checkDescriptors());
  const files = {
    certificate: settings.given.text('tls-cert'),
    privateKey: settings.given.text('tls-key'),
    tokenKeys: settings.given.text('token-keys'),
  };
  print(...(await checkSecrets(files, Date.now())));
  const host = settings.given.text('host') ?? '127.0.0.1';
  const port = settings.given.natural('port', 65_535) ?? 7_400;
  const secure = files.certificate !== undefined && files.privateKey !== undefined;
  const behindProxy = settings.given.flag('behind-proxy');
  const hasKeys = files.tokenKeys !== undefined;
  print(checkExposure({ host, hasKeys, hasTls: secure, behindProxy }));
  const { finding, isChoir } = await checkPort(host, port, secure);
  print(finding);
  // Behind TLS it answers under the name of its certificate, which only --server can tell.
  const own = isChoir && !secure ? `ws://${hostInUrl(host)}:${port}` : undefined;
  const url = given.text('server') ?? own;
  if (url !== undefined) {
    const timeoutMs = given.durationMs('timeout') ?? patienceMs;
    const token = tokenSource(given, environment);
    print(...(await checkServer(serverUrl('--server', url), { timeoutMs, token })));
  }
  return failed.length === 0 ? 'done' : 'unwell';
}

/** The settings as `choir serve` would take them; without those that are wrong, if some are. */
function readSettings(
  given: Given,
  environment: NodeJS.ProcessEnv,
): { readonly given: Given; readonly finding: Finding } {
  const named = [...given.layer].filter(([name]) => name === 'data' || name === 'config');
  const defaults = { data: () => defaultDataDirectory(environment) };
  try {
    const typed = new Given([], undefined, new Map(named));
    const settings = settingsOf(serveCommand.options, typed, environment, defaults);
    // What does not go together is told as choir serve would.
    gateSettings(settings.given);
    const others = settings.list.filter(({ from }) => from !== 'default').map(({ name }) => name);
    const found = others.length === 0 ? 'the defaults' : `${others.join(', ')}; else the defaults`;
    return { given: settings.given, finding: ok('settings', found) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const [problem = '', ...hints] = error.message.split('\n');
    const remedy = [...hints, 'What follows is without it.'].join('. ');
    return { given: withoutFile(given, environment), finding: fail('settings', problem, remedy) };
  }
}

/** What is left of the settings when the file, or even the environment, is wrong. */
function withoutFile(given: Given, environment: NodeJS.ProcessEnv): Given {
  const data = [...given.layer].filter(([name]) => name === 'data');
  const typed = new Given([], undefined, new Map(data));
  const others = { ...environment, CHOIR_SERVE_CONFIG: undefined };
  try {
    return settingsOf(serveCommand.options, typed, others, {}).given;
  } catch (error) {
    if (error instanceof Failure) return typed;
    throw error;
  }
}

const statusStyle = { ok: 'green', warn: 'yellow', fail: 'red' } as const;
const checkWidth = 10;

function show({ check, status, found, remedy }: Finding, output: Output): void {
  const label = output.paint(statusStyle[status], status.padEnd(4));
  const lines = [`${label}  ${check.padEnd(checkWidth)}  ${printable(found)}`];
  if (remedy !== undefined) lines.push(`${' '.repeat(checkWidth + 8)}${printable(remedy)}`);
  output.result({ type: 'check', check, status, found, remedy }, lines.join('\n'));
}
