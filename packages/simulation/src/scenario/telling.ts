/**
 * A trace told to a person: one line for each record that a person would miss, in words. For golden traces; the
 * columns of `simulate --seed` are the records as they are.
 */
import type { GroupEvent, PartFields, RecordOf, TraceRecord } from '@choir/testkit/checkers';

const heading = `# Columns: time since the server was started, in milliseconds; who; what happened. Numbers after "at" are
# positions in the log; "#3" is the third submission of a client (its local id). Lines of the server are
# what its log received at a position; lines of a client are what its application did or was told.
#
# Rewritten by GOLDEN=write vitest run packages/simulation: review the difference before you commit it.
`;

export function tell(title: string, records: readonly TraceRecord[]): string {
  const lines: string[] = [];
  for (const [index, record] of records.entries()) {
    const said = sentence(record, records[index + 1]);
    if (said === null) continue;
    const time = record.t.toFixed(1).padStart(9);
    lines.push(`${time}  ${record.node.padEnd(7)} ${said}`.trimEnd());
  }
  return `# ${title}\n#\n${heading}\n${lines.join('\n')}\n`;
}

function sentence(record: TraceRecord, next: TraceRecord | undefined): string | null {
  switch (record.kind) {
    case 'opened':
      return `opens its log at position ${record.head}`;
    case 'logged':
      return `at ${record.seq}: ${eventText(record)}`;
    case 'fault':
      return `${record.hit} is cut off`;
    case 'heal':
      return `${record.hit} can be reached again`;
    case 'phase':
      return record.phase === 'quiet' ? 'all is quiet: what everybody has' : null;
    case 'connection':
      return `is ${record.state}`;
    case 'attached':
      return `is attached, session ${record.session}`;
    case 'call':
      return `#${record.localId}: ${callText(record, next)}`;
    case 'block':
      return blockText(record);
    case 'delivered':
      return `receives at ${record.seq}: ${eventText(record)}`;
    case 'settled':
      return `#${record.localId} is settled at ${record.seq}`;
    case 'refused':
      return `#${record.localId} is refused: ${record.code}`;
    case 'withdrawn':
      return `#${record.localId} is withdrawn: ${record.why}`;
    case 'rejoined':
      return `has rejoined ${record.group}: ${record.conflicts} conflict, ${record.discarded} discarded`;
    case 'reset':
      return `is told to reset what it shows of ${record.group}`;
    case 'lock':
      return `its lock set ${record.lockSet} is ${record.state}`;
    case 'content':
      return `has ${record.object} = "${record.data}"`;
    case 'pending':
      return `has ${record.count} submissions pending`;
    default:
      return null;
  }
}

function callText(call: RecordOf<'call'>, next: TraceRecord | undefined): string {
  switch (call.body) {
    case 'message':
      return next?.kind === 'part' ? partText(next) : 'sends nothing';
    case 'lock_request':
      return `asks for a lock on ${call.objects}, grace ${call.graceMs === 0 ? 'as usual' : `${call.graceMs} ms`}`;
    case 'lock_release':
      return `gives up lock set ${call.lockSet}`;
    default:
      return call.body;
  }
}

function partText(part: PartFields): string {
  switch (part.part) {
    case 'bcast':
      return `says "${part.data}"`;
    case 'obj_state':
      return `writes "${part.data}" to ${part.object}, having seen ${part.base}, under lock set ${part.fence}`;
    case 'group_state':
      return `replaces the state by ${part.objects}`;
    default:
      return part satisfies never;
  }
}

function blockText(block: RecordOf<'block'>): string | null {
  switch (block.edge) {
    case 'transfer_begin':
      return `is sent the state of ${block.group} at ${block.seq}`;
    case 'resume_begin':
      return `rejoins ${block.group} at ${block.seq}: what came after ${block.after} follows`;
    case 'resume_end':
      return 'has received all that it missed';
    default:
      return null;
  }
}

function eventText(event: GroupEvent): string {
  switch (event.event) {
    case 'bcast':
      return `${event.sender} says "${event.data}" (#${event.localId})`;
    case 'obj_state':
      return `${event.sender} writes "${event.data}" to ${event.object} (#${event.localId})`;
    case 'lock_granted':
      return `${event.sender} has locked ${event.objects} (lock set ${event.lockSet}, grace ${event.graceMs} ms)`;
    case 'lock_released':
      return `lock set ${event.lockSet} of ${event.sender} on ${event.objects} has ended: ${event.cause}`;
    case 'new_member':
      return `${event.client} is a member`;
    case 'disconnected_member':
      return `${event.client} is disconnected`;
    case 'rejoined_member':
      return `${event.client} is back`;
    default:
      return event.event;
  }
}
