/** Compares the log of the group, and what every member received of it, with the file. */
import type { Row } from '../summary.ts';
import type { Logged, Participant, Received, Stay } from './record.ts';
import type { Act, Script } from './script.ts';

export function verify(
  script: Script,
  participants: readonly Participant[],
  log: readonly Logged[],
): readonly Row[] {
  const done = actsInLog(participants, log);
  const expected: Act[][] = participants.map(() => []);
  for (const { person, act } of script.steps) expected[person]?.push(act);
  const differing = participants.filter(
    (_, person) => !sameActs(expected[person] ?? [], done.acts[person] ?? []),
  );
  const lines = script.steps.filter(({ line }) => line > 0).length;
  const orders = participants.flatMap((each) => orderProblems(each, log));
  return [
    {
      name: 'every line once, in order',
      verified: differing.length === 0 && done.strangers === 0,
      detail:
        differing.length === 0
          ? `${lines} lines of ${participants.length} persons`
          : `differs for ${differing.length} persons, first ${differing[0]?.clientId}`,
    },
    {
      name: 'same order at all members',
      verified: orders.length === 0,
      detail:
        orders.length === 0
          ? `${log.length} deliveries, one order`
          : `${orders.length} differ: ${orders.slice(0, 3).join('; ')}`,
    },
    {
      name: 'membership as in the file',
      verified: done.falseAbsences === 0,
      detail:
        done.falseAbsences === 0
          ? `${done.absences} short absences, none taken for leaving`
          : `${done.falseAbsences} members were lost while away`,
    },
  ];
}

type Done = {
  readonly acts: readonly (readonly Act[])[];
  /** Events of clients that are no participants. */
  readonly strangers: number;
  readonly absences: number;
  readonly falseAbsences: number;
};

function actsInLog(participants: readonly Participant[], log: readonly Logged[]): Done {
  const persons = new Map(participants.map(({ clientId }, person) => [clientId, person]));
  const acts: Act[][] = participants.map(() => []);
  let strangers = 0;
  let absences = 0;
  let falseAbsences = 0;
  const add = (clientId: string, act: Act) => {
    const person = persons.get(clientId);
    if (person === undefined) strangers += 1;
    else acts[person]?.push(act);
  };
  const decoder = new TextDecoder();
  for (const { events } of log) {
    for (const event of events) {
      if (event.kind === 'bcast') {
        add(event.senderId, { kind: 'say', text: decoder.decode(event.data) });
      } else if (event.kind === 'new_member') {
        add(event.clientId, { kind: 'join', name: event.name });
      } else if (event.kind === 'renamed_member') {
        add(event.clientId, { kind: 'rename', name: event.name });
      } else if (event.kind === 'non_member') {
        add(event.clientId, { kind: 'leave' });
        if (event.cause !== 'left') falseAbsences += 1;
      } else if (event.kind === 'disconnected_member') absences += 1;
      else if (event.kind !== 'rejoined_member' && event.kind !== 'properties') {
        // Properties are those that the channel was made with.
        strangers += 1;
      }
    }
  }
  return { acts, strangers, absences, falseAbsences };
}

function sameActs(expected: readonly Act[], found: readonly Act[]): boolean {
  return (
    expected.length === found.length &&
    expected.every((act, index) => JSON.stringify(act) === JSON.stringify(found[index]))
  );
}

/**
 * Every stay must be a part of the log without a hole: from the state that it started from to the end,
 * or to the delivery that ended it. Who leaves while the connection is away does not come back for what
 * was missed since.
 */
function orderProblems(participant: Participant, log: readonly Logged[]): readonly string[] {
  const { clientId, stays, present } = participant;
  const end = log.at(-1)?.seq ?? 0;
  return stays.flatMap((stay, index) => {
    const lasts = present && index === stays.length - 1;
    const expected = reachOf(stay, lasts ? undefined : clientId, log);
    // The log was read while others may still have been coming back.
    const received = stay.received.filter(({ seq }) => seq <= end);
    const at = expected.findIndex(({ seq, digest }, place) => {
      const found = received[place];
      return found?.seq !== seq || found.digest !== digest;
    });
    const [logged, found] = [expected[at], received[at]];
    if (logged !== undefined && !(stay.leftAway && found === undefined)) {
      return [`${clientId} ${difference(logged, found)}`];
    }
    const extra = received.length - expected.length;
    // Whether the one who leaves is told of it is not the point here.
    return extra > (lasts ? 0 : 1) ? [`${clientId} received ${extra} deliveries too many`] : [];
  });
}

function difference({ seq }: Received, found: Received | undefined): string {
  if (found === undefined) return `received nothing from global id ${seq} on`;
  if (found.seq === seq) return `received something else at global id ${seq}`;
  return found.seq > seq
    ? `missed global id ${seq}`
    : `received global id ${found.seq}, which is not there, or again`;
}

/** The deliveries of a stay; `leaver` names the client whose leaving ends it. */
function reachOf(stay: Stay, leaver: string | undefined, log: readonly Logged[]) {
  const after = log.filter(({ seq }) => seq > stay.joinedAt);
  if (leaver === undefined) return after;
  const end = after.findIndex(({ events }) =>
    events.some((event) => event.kind === 'non_member' && event.clientId === leaver),
  );
  return end === -1 ? after : after.slice(0, end);
}
