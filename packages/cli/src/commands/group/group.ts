/** `choir group`: process groups, from a terminal. */
import type { Command } from '../../arguments/command.ts';
import type { Given } from '../../arguments/given.ts';
import { json } from '../../arguments/option.ts';
import { usage } from '../../arguments/values.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { makingKeys } from '../cluster-keys.ts';
import { benchProcessGroup } from './bench/bench.ts';
import { joinProcessGroup } from './join/join.ts';
import { probeProcessGroup } from './probe.ts';

export const groupCommand: Command = {
  name: 'group',
  summary: 'Joins, asks or measures a process group: members without a server.',
  synopsis: 'join|probe|bench NAME [OPTION…]',
  options: {
    id: {
      value: 'LABEL',
      help: 'What this member is called; who comes back with it has returned (default: its id; of a probe choir-probe).',
    },
    timeout: {
      value: 'DURATION',
      help: 'Gives up when nobody lets this process in for this long (default 30s). A probe then waits as long for answers, but 5s at most.',
    },
    listen: {
      value: 'ADDRESS[:PORT]',
      help: 'Where other machines reach this process; then --seed, --multicast or --init is needed, and --key.',
    },
    seed: {
      value: 'HOST:PORT',
      repeatable: true,
      help: 'With --listen: a process that may be in the group, by its address or a name. A name stands for all of its addresses.',
    },
    multicast: {
      value: 'GROUP[:PORT]',
      help: 'With --listen, in place of --seed: members find each other, and talk, by IP multicast at this address (IPv4; default port 7500). --listen is then the address of an interface, without a port.',
    },
    init: {
      ofOneRun: true,
      help: 'With --listen: makes the group. One process does that, once; beside --seed or --multicast, only when nobody answers there.',
    },
    key: { value: 'FILE', help: 'With --listen: the cluster keys that all members have.' },
    'leave-at-eof': {
      help: 'join: leaves when standard input has ended and its lines have come back.',
    },
    members: { value: 'N', help: 'bench: how many processes, 1 to 64 (default 3).' },
    seconds: { value: 'S', help: 'bench: how long to measure, 1 to 3600 (default 10).' },
    size: { value: 'BYTES', help: 'bench: of each message, 16 to 1048576 (default 1000).' },
    senders: { value: 'N', help: 'bench: how many of the members send (default: all).' },
    ...json,
  },
  examples: [
    ['choir group join lobby', 'in two terminals: what you type in one is shown in both'],
    ['choir group join lobby --id ann --json', 'views and messages, a JSON object a line'],
    [makingKeys, 'a file for --key; all machines have the same'],
    [
      'choir group join lobby --listen 192.0.2.7:7500 --key cluster.key --init',
      'the first of several machines; the others give --seed 192.0.2.7:7500',
    ],
    [
      'choir group join den --listen 10.0.0.8 --multicast 239.1.2.3 --key cluster.key',
      'by multicast; so on all machines of a link, the first with --init',
    ],
    ['choir group probe lobby', 'who is in it, and how each member is'],
    ['choir group bench trial --size 100', 'how many messages a second, and how late'],
  ],
  notes: [
    'Without --listen, processes of one user on one machine find each other through a private directory (CHOIR_RUNTIME, or ' +
      'choir in XDG_RUNTIME_DIR); the first one makes the group. Each line of standard input is multicast to all members, ' +
      'in the one order that all see, as a safe message: when it has come back, all members hold it, whoever is cut off.',
    'A group is made once. Whoever is started again joins through the others, the first one, too: with --seed 192.0.2.8:7500 in place of ' +
      '--init, which would make a second group of the same name; neither ever finds the other. Where --init is given beside --seed or --multicast the others are asked for 5s: ' +
      'who is let in joins; the group is made when nobody answers; and when somebody does who lets nobody in, neither.',
    'A seed that is a name, as first.example:7500, is looked up when the process starts, and again every 5s while it looks for the group: its host may start later. ' +
      'All of its addresses are asked, of the IP version of --listen. Of a name without an address standard error says so.',
    'By multicast all members have the same GROUP and port; several groups may share them. Datagrams stay on the link: they pass no router, and many networks, as those of ' +
      'clouds, carry none. Use --seed there (docs/process-groups/network.md).',
    'join enters groups whose members have no replicated state, as those that it makes. A group of an application that has replicas (a map, locks, ' +
      'an election) refuses it, with exit code 4, and its members see a member come and go, whose name is its id without --id. Use probe to see who is in such a group, ' +
      'and the application itself to take part.',
    'At the end of standard input join goes on listening. On a terminal, or with --leave-at-eof, it waits until its own lines have come back, and leaves. When for 10s ' +
      'none has come back, as without a majority, it leaves all the same, says how many may not have been sent, and the exit code is 9. ' +
      'A line of more than 16760832 bytes is named and passed over; the exit code is 1 then.',
    'A member that crashes is gone from the next view. Who is cut off from the majority is told so, and waits: a group never ' +
      'goes on in two parts. Of two members the older one goes on alone.',
    'probe comes in as an observer, asks all members through the group itself, and leaves. What their applications do does ' +
      'not matter: the toolkit answers. Who has not answered in time is listed as missing, and the exit code is 30 then; 7 says ' +
      'that there is no such group on this machine. A group without a majority lets nobody in, so that a probe takes up to --timeout there, and the exit code is 3. ' +
      'While it asks it is in the view and has a vote as any member has; it is given nothing of the state, and does not make the group.',
    'bench starts members of its own on this machine and ends them again. They have a run-time directory of their own, so ' +
      'that a group of the same name is not disturbed, and are removed only after 3s of silence, since the load takes the whole machine. First all senders multicast as fast as there is room: what is counted is ' +
      'what each member was given between two places in the order; the slowest counts. Then one message at a time is sent. ' +
      'Latency is from handing a message over to its delivery, at each member.',
    'Ctrl-C, SIGTERM, SIGHUP (the terminal was closed) and, on a terminal, Ctrl-D end join in order: it leaves the group, and the exit code is 0. ' +
      'A second Ctrl-C ends at once (130), and the others find out. A probe or a bench that is interrupted was not done: 130 or 143.',
  ],
  words: { names: ['The action', 'NAME'], max: 2 },
  run: runGroup,
};

type Action = {
  readonly options: readonly string[];
  readonly run: (given: Given, context: Context) => Promise<ExitCode>;
};

const place = ['id', 'timeout', 'listen', 'seed', 'multicast', 'key'];

const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['join', { options: [...place, 'init', 'leave-at-eof'], run: joinProcessGroup }],
  ['probe', { options: place, run: probeProcessGroup }],
  ['bench', { options: ['members', 'seconds', 'size', 'senders'], run: benchProcessGroup }],
]);

async function runGroup(given: Given, context: Context): Promise<ExitCode> {
  const name = given.word(0, 'The action');
  const action = actions.get(name);
  if (action === undefined) {
    throw usage(
      `choir group does not ${JSON.stringify(name)}.`,
      `Usage: choir group ${groupCommand.synopsis}`,
    );
  }
  for (const option of given.layer.keys()) {
    if (option === 'json' || action.options.includes(option)) continue;
    throw usage(`choir group ${name} has no option --${option}.`, 'To see them: choir help group');
  }
  return await action.run(given, context);
}
