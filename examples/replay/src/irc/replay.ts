/** Replays a channel's log: everybody is a client of its own. */
import { connect } from '@choir/client';
import type { Stage } from '../stage.ts';
import type { Row } from '../summary.ts';
import { Person } from './person.ts';
import { digestOf, type Logged } from './record.ts';
import { type Script, scriptOf } from './script.ts';
import { verify } from './verification.ts';

/** How long a member may be away: the faults here last seconds, the time given is generous. */
const absenceMs = 600_000;

export async function replayIrc(text: string, stage: Stage): Promise<readonly Row[]> {
  const script = scriptOf(text);
  const channel = stage.newGroup('irc');
  await createChannel(stage.url, channel);
  const persons: Person[] = [];
  let steps = 0;
  stage.progress(() => {
    const received = persons.reduce((sum, person) => sum + person.received, 0);
    return `${steps}/${script.steps.length} steps, ${persons.length} clients, ${received} deliveries`;
  });
  for (const { person, act } of script.steps) {
    await stage.turn(steps);
    const acting = persons[person] ?? new Person(await stage.link(), channel);
    persons[person] = acting;
    acting.perform(act);
    steps += 1;
  }
  await stage.calm();
  await Promise.all(persons.map((person) => person.done()));
  const log = await readLog(stage.url, channel);
  await Promise.all(persons.map((person) => person.reached(log.at(-1)?.seq ?? 0)));
  const participants = persons.map((person) => person.participant);
  const rows = verify(script, participants, log);
  await Promise.all(persons.map((person) => person.close()));
  return [...counts(script, persons, log), ...stage.faults(), ...rows];
}

function counts(script: Script, persons: readonly Person[], log: readonly Logged[]): Row[] {
  const sum = (of: (person: Person) => number) =>
    persons.reduce((total, person) => total + of(person), 0);
  const messages = log.flatMap(({ events }) => events).filter(({ kind }) => kind === 'bcast');
  return [
    { name: 'members', value: script.persons },
    { name: 'messages', value: messages.length },
    { name: 'deliveries', value: sum(({ received }) => received) },
    { name: 'rejoins', value: sum(({ rejoins }) => rejoins) },
    { name: 'missed, then received', value: sum(({ missed }) => missed) },
    { name: 'duplicates suppressed', value: sum(({ duplicates }) => duplicates) },
  ];
}

async function createChannel(url: string, channel: string): Promise<void> {
  const client = connect(url, { agent: 'replay' });
  await client.create(channel, { absenceMs });
  await client.close();
}

/** Everything that happened in the channel, read by somebody who is no member. */
async function readLog(url: string, channel: string): Promise<readonly Logged[]> {
  const client = connect(url, { agent: 'replay' });
  const log: Logged[] = [];
  await client.watch(channel, {
    from: { globalId: 0, epoch: 0, created: 0 },
    begin: (watch) => {
      watch.on('delivery', ({ globalId, events }) => {
        log.push({ seq: globalId, events, digest: digestOf(events) });
      });
    },
  });
  await client.close();
  return log;
}
