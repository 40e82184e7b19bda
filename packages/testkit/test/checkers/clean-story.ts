/**
 * The clean story: two clients and a server, nothing wrong. Ann and Bob share a room and a stateless hall. Ann
 * locks the door, goes away, writes offline; her grace runs out, Bob takes the lock, changes the door, gives
 * it back; Ann returns to a conflict. Then the server is killed, and all come back.
 */
import type { GroupEvent } from '../../src/checkers/index.ts';
import { Story } from './story.ts';

const message = { body: 'message' } as const;

export function cleanStory(): Story {
  const story = new Story();
  story.say('world', { kind: 'phase', phase: 'work' });
  story.serverOpens(true);
  for (const node of ['ann', 'bob']) {
    story.clientStarts(node);
    story.attach(node);
  }
  enter(story, 'ann', []);
  enter(story, 'bob', [['ANN', 'Ann', 'member']]);
  talk(story);
  lockAndLeave(story);
  conflict(story);
  restart(story);
  quiet(story);
  return story;
}

/** Joins room and hall at one position, and is transferred both. */
function enter(story: Story, node: string, members: [string, string, string][]): void {
  const client = node.toUpperCase();
  const name = client[0] + node.slice(1);
  const event = { event: 'new_member', client, name } as const;
  if (node === 'ann') {
    const create = { body: 'create', stateful: false, absenceMs: 0 } as const;
    const made = { event: 'properties', sender: 'ANN', localId: 1, names: [], values: [] } as const;
    story.submit('ann', 'hall', 1, 0, create, { hall: [made] });
  }
  story.join(node, ['room', 'hall'], { room: [event], hall: [event] });
  const present: [string, string, string][] = [...members, [client, name, 'member']];
  for (const group of ['room', 'hall']) {
    const mark = node === 'ann' && group === 'hall' ? 1 : 0;
    story.block(node, 'transfer_begin', group, { mark, stateful: group === 'room' });
    for (const [member, shown, status] of present) {
      story.say(node, { kind: 'member', group, client: member, name: shown, status });
    }
    story.block(node, 'transfer_end', group);
    story.say(node, { kind: 'joined', group, scope: 'member', seq: story.seq });
    story.follow(node, group);
  }
}

function talk(story: Story): void {
  const said = { kind: 'part', index: 0, part: 'bcast' } as const;
  const bcast = (exclusive: boolean, data: string) => ({ ...said, exclusive, data });
  const by = (sender: string, localId: number, exclusive: boolean, data: string) =>
    ({ event: 'bcast', sender, localId, exclusive, data }) as const;
  const parts = (group: string, exclusive: boolean, data: string) =>
    [{ ...bcast(exclusive, data), seq: 0, localId: 0, group }] as const;
  story.submit(
    'ann',
    'room',
    2,
    0,
    message,
    { room: [by('ANN', 2, false, 'hello')] },
    { parts: parts('room', false, 'hello') },
  );
  story.submit(
    'bob',
    'room',
    1,
    0,
    message,
    { room: [by('BOB', 1, true, 'hush')] },
    { parts: parts('room', true, 'hush') },
  );
  story.submit(
    'bob',
    'hall',
    2,
    0,
    message,
    { hall: [by('BOB', 2, false, 'hi all')] },
    { parts: parts('hall', false, 'hi all') },
  );
}

/** A write as it is called, submitted and received. */
function write(
  sender: string,
  localId: number,
  {
    update,
    base,
    fence,
    data,
  }: { update: 'INC' | 'NEW'; base: number; fence: number; data: string },
) {
  const fields = { object: 'door', update, data } as const;
  const place = { kind: 'part', seq: 0, localId: 0, index: 0, group: 'room' } as const;
  return {
    parts: [{ ...place, part: 'obj_state', ...fields, base, fence }],
    event: { event: 'obj_state', sender, localId, ...fields },
  } as const;
}

const request = { body: 'lock_request', objects: ['door'], wait: false, graceMs: 1_000 } as const;

function grant(story: Story, sender: string, localId: number) {
  const lockSet = story.seq + 1;
  const fields = { lockSet, objects: ['door'], graceMs: 1_000 };
  return { room: [{ event: 'lock_granted', sender, localId, ...fields }] } as const;
}

function lockAndLeave(story: Story): void {
  story.submit('ann', 'room', 3, 2, request, grant(story, 'ANN', 3));
  const lockSet = story.seq;
  const open = write('ANN', 4, { update: 'NEW', base: story.seq, fence: lockSet, data: 'open' });
  story.submit('ann', 'room', 4, 3, message, { room: [open.event] }, { parts: open.parts });
  story.say('world', { kind: 'fault', fault: 'cut', hit: 'ann-s#1', bit: true, lasts: null });
  story.online.delete('ann');
  story.say('ann', { kind: 'connection', state: 'offline' });
  const late = write('ANN', 5, { update: 'INC', base: story.seq, fence: lockSet, data: 'wide' });
  story.call('ann', 'room', 5, message, late.parts);
  const gone = [{ event: 'disconnected_member', client: 'ANN' }] as const;
  const session = story.records.find((r) => r.kind === 'attached' && r.node === 'ann');
  const ended = session?.kind === 'attached' ? session.session : 0;
  story.commit({ command: 'detach', client: 'ANN', session: ended }, { room: gone, hall: gone });
  const absence = story.seq;
  story.wait(1_000);
  const released = { event: 'lock_released', sender: 'ANN', lockSet, objects: ['door'] } as const;
  story.commit(
    { command: 'expire_grace', created: story.created.get('room') ?? 0, lockSet, absence },
    { room: [{ ...released, whole: true, cause: 'grace_expired', by: '', localId: 0 }] },
  );
}

function conflict(story: Story): void {
  story.submit('bob', 'room', 3, 1, request, grant(story, 'BOB', 3));
  const lockSet = story.seq;
  const shut = write('BOB', 4, { update: 'INC', base: story.seq, fence: lockSet, data: 'shut' });
  story.submit('bob', 'room', 4, 3, message, { room: [shut.event] }, { parts: shut.parts });
  const release = { body: 'lock_release', lockSet, objects: [] } as const;
  const fields = {
    sender: 'BOB',
    lockSet,
    objects: ['door'],
    whole: true,
    cause: 'released',
  } as const;
  const released = { event: 'lock_released', ...fields, by: 'BOB', localId: 5 } as const;
  story.submit('bob', 'room', 5, 4, release, { room: [released] });
  comeBack(story, 'ann', 'room', 4);
  story.say('ann', { kind: 'withdrawn', group: 'room', localId: 5, why: 'conflict' });
  told(story, 'ann', 'room', 1);
  story.say('ann', { kind: 'reset', group: 'room' });
  resume(story, 'ann', 'hall', 1);
  told(story, 'ann', 'hall', 0);
}

function comeBack(story: Story, node: string, group: string, mark: number): void {
  story.attach(node);
  // What was missed ends before the attach; who is offline until then follows nothing.
  for (const one of ['room', 'hall']) story.unfollow(node, one);
  const back = [{ event: 'rejoined_member', client: node.toUpperCase() }] as const;
  story.join(node, ['room', 'hall'], { room: back, hall: back });
  resume(story, node, group, mark);
}

/** A resume block with all that the group received since the last thing that the node was given. */
function resume(story: Story, node: string, group: string, mark: number): void {
  const client = node.toUpperCase();
  const last = story.records.findLast(
    (r) =>
      r.node === node &&
      'group' in r &&
      r.group === group &&
      (r.kind === 'delivered' || (r.kind === 'block' && r.edge.endsWith('end'))),
  );
  const after = last !== undefined && 'seq' in last ? last.seq : 0;
  story.block(node, 'resume_begin', group, { after, mark });
  const missed = new Map<number, GroupEvent[]>();
  for (const record of story.records) {
    if (record.kind !== 'logged' || record.group !== group || record.seq <= after) continue;
    const {
      kind: _,
      t: __,
      node: ___,
      created: ____,
      seq,
      index: _____,
      of: ______,
      ...event
    } = record;
    missed.set(seq, [...(missed.get(seq) ?? []), event]);
  }
  for (const [seq, events] of missed) story.deliver(node, client, group, seq, events);
  story.block(node, 'resume_end', group);
  story.follow(node, group);
}

function told(story: Story, node: string, group: string, conflicts: number): void {
  const counts = { conflicts, discarded: 0, gap: false };
  story.say(node, { kind: 'rejoined', group, scope: 'member', seq: story.seq, ...counts });
}

function restart(story: Story): void {
  story.say('world', { kind: 'fault', fault: 'kill', hit: 's', bit: true, lasts: null });
  story.say('s', { kind: 'stopped', life: 1, how: 'killed' });
  for (const node of ['ann', 'bob']) story.say(node, { kind: 'connection', state: 'offline' });
  story.online.clear();
  story.serverOpens(false);
  const lost = (['ANN', 'BOB'] as const).map(
    (client) => ({ event: 'disconnected_member', client }) as const,
  );
  story.commit({ command: 'members', gone: ['s#1'] }, { room: lost, hall: lost });
  for (const [node, mark] of [
    ['ann', 4],
    ['bob', 5],
  ] as const) {
    comeBack(story, node, 'room', mark);
    told(story, node, 'room', 0);
    resume(story, node, 'hall', node === 'ann' ? 1 : 2);
    told(story, node, 'hall', 0);
  }
}

function quiet(story: Story): void {
  story.say('world', { kind: 'phase', phase: 'quiet' });
  for (const node of ['ann', 'bob']) {
    for (const group of ['room', 'hall']) {
      story.say(node, { kind: 'copy', group, scope: 'everything' });
      if (group === 'room') {
        story.say(node, { kind: 'content', group, object: 'door', data: 'open+shut' });
      }
      for (const [client, name] of [
        ['ANN', 'Ann'],
        ['BOB', 'Bob'],
      ] as const) {
        story.say(node, { kind: 'member', group, client, name, status: 'member' });
      }
    }
    story.say(node, { kind: 'pending', count: 0 });
  }
  for (const record of [...story.records]) {
    if (record.kind !== 'entry') continue;
    const { seq } = record;
    const submit = record.command === 'submit' ? record : null;
    story.say('s', {
      kind: 'kept',
      seq,
      client: submit?.client ?? '',
      localId: submit?.localId ?? 0,
    });
  }
}
