/** What a processor does, told to a person; null for what happens all the time. */
import {
  type Effect,
  type ProcessorId,
  type ProtocolEvent,
  processorNumber,
  services,
  typeNames,
  type View,
} from '@choir/ftmp';

const heading = `# Columns: time in virtual milliseconds; who; what it does. A datagram takes 1 ms. Heartbeats are left out.
# "Regular 3 @12, has all to @10": a source's message number 3, its timestamp 12, the timestamp up to which it
# acknowledges. A view is named by the timestamp of what made it.
#
# Rewritten by GOLDEN=write vitest run packages/simulation: review the difference before you commit it.
`;

export function ftmpPage(title: string, lines: readonly string[]): string {
  return `# ${title}\n#\n${heading}\n${lines.join('\n')}\n`;
}

export function eventText(event: ProtocolEvent, self: ProcessorId): string | null {
  switch (event.kind) {
    case 'sent': {
      if (event.type === 'heartbeat') return null;
      const { type, sequence, timestamp, ack } = event;
      const name = typeNames[type];
      if (!services[type].reliable) return `sends ${name}`;
      return `sends ${name} ${sequence} @${timestamp}, has all to @${ack}`;
    }
    case 'retransmitted':
      return `sends ${typeNames[event.type]} ${event.sequence} of ${name(event.source)} again`;
    case 'stored':
      if (event.source === self) return null;
      return `has ${event.sequence} of ${name(event.source)}, and all before it`;
    case 'asked':
      return `asks for ${range(event)} of ${name(event.source)}`;
    case 'suspected':
    case 'convicted':
      return `${event.kind === 'suspected' ? 'suspects' : 'convicts'} ${name(event.who)}`;
    case 'trusted':
      return `trusts ${name(event.who)} again`;
    case 'proposed':
      return `proposes round ${event.round}: ${names(event.members)}`;
    case 'accepted':
    case 'decided': {
      const { round, successor } = event.acceptance;
      return `has ${event.kind} round ${round}: ${names(successor.members)} go on @${successor.timestamp}`;
    }
    case 'added':
      return `adds ${name(event.who)}`;
    case 'effect':
      return effectText(event.effect);
    default:
      return null;
  }
}

function effectText(effect: Effect): string | null {
  switch (effect.kind) {
    case 'deliver':
      return `delivers a message of ${name(effect.sender)} @${effect.timestamp}`;
    case 'view':
      return viewText(effect.view);
    case 'excluded':
      return 'learns that it is excluded';
    case 'left':
      return 'has left';
    case 'primary':
      return effect.primary ? 'can go on again' : 'cannot go on: those it hears are no quorum';
    default:
      return null;
  }
}

function viewText({ id, members, cause }: View): string {
  return `is given view @${id.timestamp} (${cause}): ${names(members)}`;
}

function range({ start, stop }: { readonly start: number; readonly stop: number }): string {
  return start === stop ? `${start}` : `${start} to ${stop}`;
}

function names(some: readonly ProcessorId[]): string {
  return some.map(name).join(' ');
}

function name(id: ProcessorId): string {
  return `p${processorNumber(id)}`;
}
