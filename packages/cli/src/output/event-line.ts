/** Events of a group as lines for people. */
import type { Event } from '@choir/client';
import type { Place } from './event-record.ts';
import type { Names } from './names.ts';
import type { Output } from './output.ts';
import { printable, printableData } from './printable.ts';

export type Look = { readonly names: Names; readonly output: Output };

export function eventLine(event: Event, { time }: Place, { names, output }: Look): string {
  const stamp = output.paint('dim', clock(time));
  if (event.kind === 'bcast') {
    const sender = output.paint('bold', names.label(event.senderId));
    return `${stamp} ${sender}: ${printableData(event.data)}`;
  }
  return `${stamp} ${output.paint('cyan', `* ${sentence(event, names)}`)}`;
}

/** Hours, minutes and seconds where the reader is. */
function clock(time: Date): string {
  return time.toTimeString().slice(0, 8);
}

const because = {
  left: 'left',
  timeout: 'was away for too long and is no longer a member',
  forgotten: 'was away for weeks and was forgotten',
} as const;

const releasing = {
  released: 'released',
  left: 'left and gave up',
  grace_expired: 'was away for longer than the grace period and lost',
  broken: 'had broken:',
} as const;

function sentence(event: Exclude<Event, { kind: 'bcast' }>, names: Names): string {
  switch (event.kind) {
    case 'obj_state': {
      const verb = event.update === 'NEW' ? 'set' : 'appended to';
      const data = printableData(event.data);
      return `${names.label(event.senderId)} ${verb} ${list([event.object])}: ${data}`;
    }
    case 'group_state': {
      const objects = event.objects.map(({ object }) => object);
      return `${names.label(event.senderId)} replaced the group's state: ${list(objects)}`;
    }
    case 'lock_granted': {
      const { lockSet, senderId } = event;
      return `${names.label(senderId)} locked ${list(event.objects)} (fence ${lockSet})`;
    }
    case 'lock_released': {
      const { cause, by, reason, senderId, objects } = event;
      const who = cause === 'broken' && by !== undefined ? ` by ${names.label(by)}` : '';
      const why = reason === undefined || reason === '' ? '' : ` (${printable(reason)})`;
      return `${names.label(senderId)} ${releasing[cause]} ${list(objects)}${who}${why}`;
    }
    case 'new_member':
      return `${names.label(event.clientId)} joined`;
    case 'disconnected_member':
      return `${names.label(event.clientId)} is disconnected`;
    case 'rejoined_member':
      return `${names.label(event.clientId)} is back`;
    case 'renamed_member':
      return `${names.label(event.clientId)} is now ${printable(event.name)}`;
    case 'non_member':
      return `${names.label(event.clientId)} ${because[event.cause]}`;
    case 'properties': {
      const changes = event.properties.map(({ name, value }) => `${name} = ${value}`);
      return `${names.label(event.senderId)} set ${printable(changes.join(', '))}`;
    }
    case 'group_deleted':
      return `${names.label(event.senderId)} deleted the group`;
    default:
      return event satisfies never;
  }
}

function list(objects: readonly string[]): string {
  return objects.length === 0 ? 'nothing' : printable(objects.join(', '));
}
