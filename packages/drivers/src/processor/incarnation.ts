/** A processor of the protocol for a new incarnation, with a key of its own. */
import { Processor } from '@choir/ftmp';
import type { Gate } from '../envelope/gate.ts';
import type { Loans } from '../memory/loans.ts';
import { newIncarnation, uniform } from '../randomness.ts';
import { encodeDestination } from '../udp/destination.ts';
import type { Network } from '../udp/network.ts';
import type { Recording } from './recording.ts';
import type { ThreadOptions } from './thread-message.ts';

const random = uniform();
/** What of a receive buffer is left for what is in datagrams. */
const payloadShare = 0.75;

export function newProcessor(from: {
  readonly options: ThreadOptions;
  readonly network: Network;
  readonly gate: Gate;
  readonly recording: Recording | null;
  readonly loans: Loans;
}): Processor {
  const { options, network, gate, recording, loans } = from;
  gate.renew();
  const self = newIncarnation(options.processorNumber);
  // The system counts its own book-keeping, too. The other members are taken to have the same.
  const granted = Math.floor(network.receiveBytes * payloadShare);
  const receiveBytes = Math.min(options.settings.receiveBytes, granted);
  recording?.started(self);
  return new Processor({
    self,
    address: encodeDestination(network.own),
    settings: { ...options.settings, receiveBytes },
    // The gate has opened what it passes.
    envelope: {
      overheadBytes: gate.overheadBytes,
      seal: (message) => gate.seal(message),
      open: (message) => message,
    },
    fansOut: options.network.kind === 'unicast',
    random,
    firstSequence: 0,
    firstTimestamp: 0,
    observe: recording === null ? () => {} : (event) => recording.event(event),
    returned: loans.returned,
  });
}
