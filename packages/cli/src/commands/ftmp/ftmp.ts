/** `choir ftmp`: tools for the protocol between processors. */
import type { Command } from '../../arguments/command.ts';
import type { Given } from '../../arguments/given.ts';
import { json } from '../../arguments/option.ts';
import { usage } from '../../arguments/values.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { decode } from './decode.ts';

export const ftmpCommand: Command = {
  name: 'ftmp',
  summary: 'Shows the protocol between processors, from a capture or live.',
  synopsis: 'decode [FILE|-] [OPTION…]',
  options: {
    all: { ofOneRun: true, help: 'Shows also datagrams of a capture that are not FTMP.' },
    key: {
      value: 'FILE',
      ofOneRun: true,
      help: 'Opens encrypted datagrams with the cluster keys in this file.',
    },
    listen: {
      value: 'ADDRESS:PORT',
      ofOneRun: true,
      help: 'Shows what comes there, until Ctrl-C; port 0 is a free one.',
    },
    multicast: {
      value: 'GROUP',
      ofOneRun: true,
      help: 'With --listen 0.0.0.0:PORT: also what is sent to this multicast address.',
    },
    interface: {
      value: 'ADDRESS',
      ofOneRun: true,
      help: 'The address of the interface on which to join it (default: the system chooses).',
    },
    ...json,
  },
  examples: [
    ['tcpdump -i any -w view.pcap udp port 7400', 'first, a capture (Wireshark makes one, too)'],
    ['choir ftmp decode view.pcap', 'a line for each datagram of FTMP in it'],
    ['tcpdump -i any -U -w - udp | choir ftmp decode', 'while it is being captured'],
    ["choir ftmp decode view.pcap --json | jq 'select(.again)'", 'what was sent again'],
    ['choir ftmp decode view.pcap --key cluster.key', 'what is encrypted is opened'],
    [
      'choir ftmp decode --listen 0.0.0.0:7400 --multicast 239.1.2.3',
      'beside the processors of a multicast group, without a capture',
    ],
  ],
  notes: [
    'A line has the time, from and to, the type, the source (number.incarnation), the group, then # and the ' +
      'sequence number, ts and the timestamp, ack and the acknowledgement, "again" for a retransmission, and what the ' +
      'body says. Counters of the header are their low 32 bits. docs/decoding.md reads a change of view.',
    'A datagram that processors refuse is shown with the code and the reason (docs/protocol/ftmp.md, C1). Standard error ' +
      'ends with a count. Refused datagrams do not change the exit code; a file that is no capture, or is damaged, ' +
      'gives 25, and keys that opened none of the encrypted datagrams give 24: they may be the wrong ones.',
    'Captures may be pcap or pcapng, of Ethernet, loopback, "any" of Linux (cooked, both versions) or raw packets, ' +
      'IPv4 or IPv6; fragments are put together.',
    'Of encrypted datagrams without --key their head is shown: the id of the cluster key, the transmitter and its counter ' +
      '(docs/protocol/ftmp-envelope.md). Whether they are recordings is not judged.',
    '--listen hears only what is sent to that address: of unicast datagrams between processors nothing. Use a capture ' +
      'for those.',
  ],
  words: { names: ['The action'], max: 2 },
  run: runFtmp,
};

async function runFtmp(given: Given, context: Context): Promise<ExitCode> {
  const [action = '', ...words] = given.words;
  if (action === 'decode') return decode(words, given, context);
  throw usage(
    `choir ftmp does not ${JSON.stringify(action)}.`,
    `Usage: choir ftmp ${ftmpCommand.synopsis}`,
  );
}
